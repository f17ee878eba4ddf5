//! `steadfast login`, `logout` and `account`.

use pollster::block_on;
use serde_json::json;
use steadfast_core::accounts::model::{LocalData, SignInReport, SignOut, SignOutReport};
use steadfast_core::domain::account::LOCAL_ACCOUNT;

use crate::activity::{labelled, plural};
use crate::output::{Outcome, Report};
use crate::shell::Shell;
use crate::table::fit;

/// Signs in. What was recorded without an account stays apart unless it is adopted: the one can be made up for later, the other cannot be
/// taken back.
pub fn login(shell: &Shell, account: String, adopt: bool) -> Outcome {
    let client = shell.open()?;
    let local_data = if adopt { LocalData::Adopt } else { LocalData::Keep };
    let report = block_on(client.sign_in(account.clone(), local_data))?;
    let text = login_text(&account, &report);
    let as_json = move || json!({ "account_id": account, "adopted": report.adopted, "kept": report.kept, "pending": report.pending });
    Ok(Report::new(as_json, move || text))
}

fn login_text(account: &str, report: &SignInReport) -> String {
    let account = fit(account, 50);
    let mut text = format!("signed in as {account}\n");
    counted(&mut text, "adopted", report.adopted, "made without an account");
    counted(&mut text, "waiting", report.pending, "to be sent");
    counted(
        &mut text,
        "kept apart",
        report.kept,
        "made without an account, until logout",
    );
    if report.kept > 0 {
        labelled(&mut text, "try", &format!("steadfast login {account} --adopt"));
    }
    text
}

/// A line about so many changes, if there are any.
fn counted(text: &mut String, label: &str, count: u64, which: &str) {
    if count > 0 {
        labelled(text, label, &format!("{} {which}", plural(count, "change")));
    }
}

/// Signs out.
pub fn logout(shell: &Shell, discard: bool) -> Outcome {
    let client = shell.open()?;
    let account = client.account_id();
    let queue = if discard { SignOut::Discard } else { SignOut::Keep };
    let report = block_on(client.sign_out(queue))?;
    let text = logout_text(&account, &report);
    let account = (account != LOCAL_ACCOUNT).then_some(account);
    let as_json = move || json!({ "account_id": account, "kept": report.kept, "discarded": report.discarded });
    Ok(Report::new(as_json, move || text))
}

fn logout_text(account: &str, report: &SignOutReport) -> String {
    if account == LOCAL_ACCOUNT {
        return "nobody was signed in\n".to_owned();
    }
    let mut text = format!("signed out of {}\n", fit(account, 50));
    counted(&mut text, "waiting", report.kept, "for the next login");
    counted(
        &mut text,
        "given up",
        report.discarded,
        "that the server never heard of",
    );
    text
}

/// Who is signed in.
pub fn account(shell: &Shell) -> Outcome {
    let client = shell.open()?;
    let account = client.account_id();
    let account = (account != LOCAL_ACCOUNT).then_some(account);
    let text = match &account {
        Some(account) => format!("signed in as {}\n", fit(account, 50)),
        None => "nobody is signed in; everything stays on this device\n".to_owned(),
    };
    Ok(Report::new(move || json!({ "account_id": account }), move || text))
}
