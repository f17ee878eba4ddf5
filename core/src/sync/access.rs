//! Whether the account's token may be used, and when the app is asked for another. Pure; knows no token.

/// The app is asked so long before a token expires, in milliseconds.
const MARGIN_MS: i64 = 30_000;

/// What is known of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// None was provided yet.
    Missing,
    /// It was not refused.
    Good,
    /// The server refused it: nothing is sent until there is another.
    Refused,
    /// Somebody refused it who is not known to be our server: it is tried again after the breaker's wait.
    Doubted,
}

/// The account's access to the server.
#[derive(Clone, Debug)]
pub struct Access {
    standing: Standing,
    /// Counts the tokens, so that a refusal of an old one says nothing of the present one.
    serial: u64,
    expires_at_ms: Option<i64>,
    /// When the app was asked for a token and none since was accepted, by the clock that counts sleep.
    asked_at_ms: Option<i64>,
    asked_for_expiry: bool,
}

impl Access {
    /// Without a token.
    #[must_use]
    pub fn missing() -> Self {
        Self {
            standing: Standing::Missing,
            serial: 0,
            expires_at_ms: None,
            asked_at_ms: None,
            asked_for_expiry: false,
        }
    }

    /// The app provided a token, which expires at `expires_at_ms` (UTC) as far as it says.
    pub fn provided(&mut self, expires_at_ms: Option<i64>) {
        self.standing = Standing::Good;
        self.serial += 1;
        self.expires_at_ms = expires_at_ms;
        self.asked_for_expiry = false;
    }

    /// To be kept with a request, for [`Self::refused`].
    #[must_use]
    pub fn serial(&self) -> u64 {
        self.serial
    }

    /// The token of `serial` was refused; by our server if `by_server`. False if it is not the present one any more.
    pub fn refused(&mut self, serial: u64, by_server: bool) -> bool {
        if serial != self.serial {
            return false;
        }
        self.standing = if by_server || self.standing == Standing::Refused {
            Standing::Refused
        } else {
            Standing::Doubted
        };
        true
    }

    /// The server took the token of `serial`.
    pub fn accepted(&mut self, serial: u64) {
        if serial == self.serial {
            self.standing = Standing::Good;
            self.asked_at_ms = None;
        }
    }

    /// True if a request may be made with the token.
    #[must_use]
    pub fn may_send(&self) -> bool {
        matches!(self.standing, Standing::Good | Standing::Doubted)
    }

    /// True if the app has to do something about it.
    #[must_use]
    pub fn needs_token(&self) -> bool {
        self.standing != Standing::Good
    }

    /// True if a token was provided and not refused.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.standing == Standing::Good
    }

    /// True if the app is to be asked now; it is asked once. Called when something waits to be sent.
    pub fn ask(&mut self, now_ms: i64, wall_ms: i64) -> bool {
        if self.needs_token() {
            let is_first = self.asked_at_ms.is_none();
            self.asked_at_ms.get_or_insert(now_ms);
            return is_first;
        }
        // The device's clock may be wrong, so an expired token is used until the server refuses it.
        let expires = self
            .expires_at_ms
            .is_some_and(|at| wall_ms >= at.saturating_sub(MARGIN_MS));
        expires && !std::mem::replace(&mut self.asked_for_expiry, true)
    }

    /// When the app was asked for a token that it has yet to provide.
    #[must_use]
    pub fn asked_at_ms(&self) -> Option<i64> {
        self.asked_at_ms
    }

    /// Circumstances are new (a start, a connection): whoever could not provide a token then may now.
    pub fn ask_again(&mut self) {
        self.asked_at_ms = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_is_asked_once_and_told_when_the_fresh_token_is_refused_too() {
        let mut access = Access::missing();
        assert!(access.ask(0, 0) && !access.ask(1, 1) && !access.may_send());
        access.provided(None);
        assert!(access.may_send() && !access.ask(2, 2));
        assert!(access.refused(access.serial(), true));
        assert!(
            !access.ask(3, 3),
            "the fresh one was refused: the app is told, not asked"
        );
        access.provided(None);
        access.accepted(access.serial());
        access.refused(access.serial(), true);
        assert!(access.ask(4, 4), "that one was good for a while");
    }

    #[test]
    fn a_refusal_of_an_older_token_says_nothing() {
        let mut access = Access::missing();
        access.provided(None);
        let old = access.serial();
        access.provided(None);
        assert!(!access.refused(old, true) && access.is_good());
        access.refused(access.serial(), false);
        access.accepted(old);
        assert!(access.needs_token(), "as little as its acceptance");
    }

    #[test]
    fn an_expiring_token_is_used_while_the_app_is_asked_for_the_next_once() {
        let mut access = Access::missing();
        access.provided(Some(100_000));
        assert!(!access.ask(0, 69_999));
        assert!(access.ask(0, 70_000) && !access.ask(0, 200_000) && access.may_send());
        access.accepted(access.serial());
        assert!(!access.ask(0, 200_000), "a wrong clock asks once a token");
    }

    #[test]
    fn a_stranger_s_refusal_is_tried_again_but_our_server_s_is_not() {
        let mut access = Access::missing();
        access.provided(None);
        access.refused(access.serial(), false);
        assert!(access.may_send() && access.needs_token());
        access.refused(access.serial(), true);
        assert!(!access.may_send());
        access.refused(access.serial(), false);
        assert!(!access.may_send());
    }
}
