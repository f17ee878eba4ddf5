//! `steadfast program …`: training days of programs.

use pollster::block_on;
use serde_json::{Value, json};
use steadfast_core::domain::program_day::ProgramDay;
use steadfast_core::programs::model::{Completion, ProgramSession, ScheduledDay};

use crate::activity::{iso, local, plural};
use crate::args::ProgramCommand;
use crate::entry::clock;
use crate::output::{Outcome, Report};
use crate::shell::Shell;
use crate::table::{Align, Table, fit};
use crate::values::entry::{Instant, Scheduled};

/// Runs one of them.
pub fn run(shell: &Shell, command: ProgramCommand) -> Outcome {
    let programs = shell.open()?.programs();
    let session = match command {
        ProgramCommand::Complete {
            day,
            at,
            intensity,
            date,
        } => {
            let Instant { at, utc_offset_s } = at.unwrap_or_else(Instant::now);
            let completion = Completion {
                completed_at: at,
                utc_offset_s,
                intensity,
                scheduled_date: date,
            };
            block_on(programs.complete(day.program_day(), completion))?
        }
        ProgramCommand::Uncomplete { day } => block_on(programs.uncomplete(day.program_day()))?,
        ProgramCommand::Rate { day, intensity } => block_on(programs.rate(day.program_day(), intensity))?,
        ProgramCommand::Schedule { program, days } => {
            let days = days.into_iter().map(|day| scheduled(&program, day)).collect();
            return Ok(sessions(block_on(programs.schedule(days))?));
        }
        ProgramCommand::Progress { program } => return Ok(sessions(block_on(programs.progress(program))?)),
        ProgramCommand::Week { program, week } => return Ok(sessions(block_on(programs.week(program, week))?)),
        ProgramCommand::Remove { day } => {
            let day = day.program_day();
            block_on(programs.remove(day.clone()))?;
            return Ok(removed(&day));
        }
    };
    let text = session_text(&session);
    Ok(Report::new(move || session_json(&session), move || text))
}

fn scheduled(program: &str, day: Scheduled) -> ScheduledDay {
    ScheduledDay {
        program_day: ProgramDay::new(program, day.week, day.day),
        date: day.date,
    }
}

/// "5x5, week 1, day 3".
pub fn day_words(day: &ProgramDay) -> String {
    format!("{}, week {}, day {}", fit(&day.program_id, 50), day.week, day.day)
}

/// Something was removed that a training day names.
pub fn removed(day: &ProgramDay) -> Report {
    let words = format!("removed {}\n", day_words(day));
    let value = json!({ "removed": day });
    Report::new(move || value, move || words)
}

fn session_json(session: &ProgramSession) -> Value {
    json!({
        "id": session.id.to_string(),
        "program_id": session.program_day.program_id,
        "week": session.program_day.week,
        "day": session.program_day.day,
        "completed_at": session.completed_at.map(iso),
        "completed_utc_offset_s": session.completed_utc_offset_s,
        "intensity": session.intensity,
        "scheduled_date": session.scheduled_date,
        "version": session.version,
        "last_modified": session.last_modified.map(iso),
    })
}

fn session_text(session: &ProgramSession) -> String {
    let completed = match session.completed_at {
        Some(at) => format!(
            "completed {}",
            local(at, session.completed_utc_offset_s, "%Y-%m-%d %H:%M")
        ),
        None => "not completed".to_owned(),
    };
    let felt = session.intensity.map(|intensity| format!("felt {}", intensity.name()));
    let date = session.scheduled_date.map(|date| format!("scheduled for {date}"));
    let words: Vec<String> = [Some(completed), felt, date].into_iter().flatten().collect();
    format!("{}: {}\n", day_words(&session.program_day), words.join(", "))
}

fn sessions(sessions: Vec<ProgramSession>) -> Report {
    let text = sessions_text(&sessions);
    Report::new(
        move || json!({ "sessions": sessions.iter().map(session_json).collect::<Vec<_>>() }),
        move || text,
    )
}

fn sessions_text(sessions: &[ProgramSession]) -> String {
    if sessions.is_empty() {
        return "no training days\n".to_owned();
    }
    let mut table = Table::new(&[
        ("WEEK", Align::Right),
        ("DAY", Align::Right),
        ("SCHEDULED", Align::Left),
        ("COMPLETED", Align::Left),
        ("FELT", Align::Left),
    ]);
    for session in sessions {
        let date = session.scheduled_date.map(|date| date.to_string());
        let completed = session.completed_at.map(|at| clock(at, session.completed_utc_offset_s));
        let felt = session.intensity.map(|intensity| intensity.name().to_owned());
        table.row([
            session.program_day.week.to_string(),
            session.program_day.day.to_string(),
            date.unwrap_or_default(),
            completed.unwrap_or_default(),
            felt.unwrap_or_default(),
        ]);
    }
    let completed = sessions.iter().filter(|session| session.completed_at.is_some()).count();
    format!(
        "{}{}, {completed} completed\n",
        table.text(),
        plural(sessions.len() as u64, "training day")
    )
}
