//! A table of answers and what each of them means.

use super::*;

const PORTAL: &str = "<html><body>Welcome to the airport. Please sign in.</body></html>";

fn ours(code: &str) -> String {
    format!(r#"{{"error":{{"code":"{code}","message":"words"}},"now":1,"epoch":1}}"#)
}

fn answer(status: u16, body: &str) -> HttpAnswer {
    HttpAnswer {
        status,
        body: body.as_bytes().to_vec(),
        ..HttpAnswer::default()
    }
}

fn verdict(status: u16, body: &str) -> Verdict {
    judge(Asked::Push, &answer(status, body), 0).verdict
}

const UNAVAILABLE: Verdict = Verdict::Unavailable { retry_after_ms: None };

#[test]
fn each_status_means_what_the_table_says() {
    let auth = |by_server| Verdict::Unauthorized { by_server };
    let refused = |by_server| Verdict::Refused { by_server };
    for (status, code, from_server, from_a_stranger) in [
        (401, "token_expired", auth(true), auth(false)),
        (403, "forbidden", auth(true), auth(false)),
        (400, "invalid", refused(true), refused(false)),
        (413, "too_large", refused(true), refused(false)),
        (422, "invalid", refused(true), refused(false)),
        (409, "epoch", Verdict::OtherEpoch, UNAVAILABLE),
        (410, "account_deleted", Verdict::AccountDeleted, UNAVAILABLE),
        (426, "client_too_old", Verdict::ClientTooOld, UNAVAILABLE),
        (400, "client_too_old", Verdict::ClientTooOld, refused(false)),
        (429, "rate_limited", UNAVAILABLE, UNAVAILABLE),
        (503, "unavailable", UNAVAILABLE, UNAVAILABLE),
    ] {
        assert_eq!(verdict(status, &ours(code)), from_server, "{status} {code}");
        assert_eq!(verdict(status, PORTAL), from_a_stranger, "{status} from a stranger");
        assert_eq!(verdict(status, ""), from_a_stranger, "{status} without a body");
    }
    // The same code with another meaning of the status, and every status that nobody listed.
    assert_eq!(verdict(410, &ours("gone")), UNAVAILABLE);
    assert_eq!(verdict(409, &ours("conflict")), UNAVAILABLE);
    for status in (100..=599).filter(|status| ![200, 400, 401, 403, 413, 422].contains(status)) {
        assert_eq!(verdict(status, PORTAL), UNAVAILABLE, "{status}");
    }
}

#[test]
fn a_success_is_one_only_if_it_is_the_whole_reply_of_our_server() {
    let reply = r#"{"now":1767225600000,"epoch":1,"results":[]}"#;
    assert_eq!(verdict(200, reply), Verdict::Answer);
    for body in [PORTAL, "", "{}", "null", &reply[..reply.len() - 5], r#"{"results":[]}"#] {
        let judged = judge(Asked::Push, &answer(200, body), 0);
        assert_eq!(judged.verdict, UNAVAILABLE, "{body}");
        assert_eq!(judged.failure.map(|failure| failure.code), Some(MALFORMED.to_owned()));
    }
    assert_eq!(verdict(204, ""), UNAVAILABLE);
    let page = r#"{"now":5,"epoch":2,"rows":[],"next_cursor":0,"has_more":false}"#;
    assert_eq!(judge(Asked::Time, &answer(200, page), 0).verdict, Verdict::Answer);
    assert_eq!(judge(Asked::Time, &answer(200, reply), 0).verdict, UNAVAILABLE);
}

#[test]
fn the_wait_that_was_asked_for_comes_along() {
    let mut busy = answer(429, &ours("rate_limited"));
    busy.retry_after = Some("7".to_owned());
    let seven = Verdict::Unavailable {
        retry_after_ms: Some(7_000),
    };
    assert_eq!(judge(Asked::Push, &busy, 0).verdict, seven);
    busy.retry_after = Some("Sun, 06 Nov 1994 08:49:37 GMT".to_owned());
    busy.date = Some("Sun, 06 Nov 1994 08:49:30 GMT".to_owned());
    assert_eq!(judge(Asked::Push, &busy, 0).verdict, seven);
}

#[test]
fn a_failure_is_named_by_our_server_or_by_us_never_by_a_stranger() {
    let code = |status, body: &str| {
        judge(Asked::Push, &answer(status, body), 0)
            .failure
            .map(|failure| failure.code)
    };
    assert_eq!(code(429, &ours("rate_limited")).as_deref(), Some("rate_limited"));
    assert_eq!(code(503, PORTAL).as_deref(), Some("status"));
    assert_eq!(code(503, &ours("Call +1 555")).as_deref(), Some("status"));
    assert_eq!(
        judge_silence(NoAnswer::Certificate)
            .failure
            .map(|failure| failure.code)
            .as_deref(),
        Some("certificate")
    );
}
