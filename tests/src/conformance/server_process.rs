//! The scripted server, a process of its own, so that the three languages talk to the very same.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Deserialize;
use serde_json::Value;

use super::actor::{Actor, Outcome};

/// The verbs of the server.
#[allow(clippy::enum_variant_names, reason = "the scenarios name them so")]
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum ServerVerb {
    StartServer {
        #[serde(default)]
        tls: bool,
    },
    AskServer {
        ask: Value,
    },
    StopServer {},
}

/// A server that runs. It ends with the value.
pub(super) struct ServerProcess {
    child: Child,
    /// Closed to end it.
    commands: Option<ChildStdin>,
    replies: BufReader<ChildStdout>,
}

impl ServerProcess {
    /// Starts one; gives it and its address.
    fn start(program: &Path, tls: bool) -> Result<(Self, Value), String> {
        let mut child = Command::new(program)
            .args(tls.then_some("tls"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let (commands, replies) = (child.stdin.take(), child.stdout.take());
        let mut server = Self {
            child,
            commands,
            replies: BufReader::new(replies.ok_or("it has no stdout")?),
        };
        let address = server.reply()?;
        Ok((server, address))
    }

    fn ask(&mut self, ask: &Value) -> Result<Value, String> {
        let commands = self.commands.as_mut().ok_or("it was stopped")?;
        writeln!(commands, "{ask}").map_err(|error| error.to_string())?;
        self.reply()
    }

    fn reply(&mut self) -> Result<Value, String> {
        let mut line = String::new();
        self.replies.read_line(&mut line).map_err(|error| error.to_string())?;
        let mut reply: Value = serde_json::from_str(&line).map_err(|error| format!("{line:?}: {error}"))?;
        match reply.get_mut("answer") {
            Some(answer) => Ok(answer.take()),
            None => Err(format!("the server says {reply}")),
        }
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        drop(self.commands.take());
        drop(self.child.wait());
    }
}

impl Actor {
    pub(super) fn serve(&mut self, verb: ServerVerb) -> Outcome {
        match verb {
            ServerVerb::StartServer { tls } => {
                let (server, address) = ServerProcess::start(&self.server_program, tls)?;
                self.server = Some(server);
                Ok(Ok(address))
            }
            ServerVerb::AskServer { ask } => self.running_server()?.ask(&ask).map(Ok),
            ServerVerb::StopServer {} => {
                self.running_server()?;
                self.server = None;
                Ok(Ok(Value::Null))
            }
        }
    }

    fn running_server(&mut self) -> Result<&mut ServerProcess, String> {
        self.server.as_mut().ok_or_else(|| "no server runs".to_owned())
    }
}
