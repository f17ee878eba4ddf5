//! Heart rates that a strap stored while its signal did not reach the watch (swimming) and handed over afterwards.
//!
//! Their messages tell times in 1/1024 s of the strap's own clock: one message ties that clock to the time of day, the following
//! ones hold only the low 12 bits of it, which wrap every 4 s, eight beats to a message.

use super::super::point::{Point, quantum};
use super::collect::time_ms;
use super::decode::Message;

/// The heart rates of a file.
#[derive(Default)]
pub(super) struct HeartRates {
    anchor: Option<Anchor>,
    /// UTC milliseconds and beats per minute, one a second.
    beats: Vec<(i64, i32)>,
}

#[derive(Clone, Copy)]
struct Anchor {
    time_ms: i64,
    /// Ticks at `time_ms`.
    ticks: u64,
    /// Ticks now.
    last: u64,
}

impl HeartRates {
    /// Takes a message in.
    pub(super) fn take(&mut self, message: &Message<'_>) {
        let rates = message.raw(6).unwrap_or_default();
        if let (Some(time_ms), Some(ticks)) = (message.timestamp.and_then(time_ms), message.unsigned(9)) {
            let fraction = message.number_in(0).unwrap_or(0.0) / 32_768.0;
            let time_ms = time_ms + quantum(fraction, 1000.0).map_or(0, i64::from);
            self.anchor = Some(Anchor { time_ms, ticks: u64::from(ticks), last: u64::from(ticks) });
            self.beat(rates.first().copied());
            return;
        }
        for (index, &rate) in rates.iter().enumerate() {
            let Some(low) = message.raw(10).and_then(|packed| twelve_bits(packed, index)) else { return };
            let Some(anchor) = &mut self.anchor else { return };
            anchor.last += low.wrapping_sub(anchor.last) & 0xfff;
            self.beat(Some(rate));
        }
    }

    fn beat(&mut self, rate: Option<u8>) {
        let (Some(anchor), Some(rate)) = (self.anchor, rate.filter(|&rate| rate > 0 && rate < 0xff)) else { return };
        let since_ms = i64::try_from((anchor.last - anchor.ticks) * 1000 / 1024).unwrap_or(0);
        let second_ms = (anchor.time_ms + since_ms).div_euclid(1000) * 1000;
        match self.beats.last_mut() {
            Some(last) if last.0 == second_ms => last.1 = i32::from(rate),
            _ => self.beats.push((second_ms, i32::from(rate))),
        }
    }

    /// One point a second.
    pub(super) fn points(&self) -> impl Iterator<Item = Point> + '_ {
        self.beats.iter().map(|&(at, bpm)| Point { time_ms: Some(at), heart_rate_bpm: Some(bpm), ..Point::default() })
    }
}

/// The number at `index` of a row of 12-bit numbers, two in three bytes, the low bits first.
fn twelve_bits(packed: &[u8], index: usize) -> Option<u64> {
    let start = index / 2 * 3;
    let [a, b] = if index % 2 == 0 { [start, start + 1] } else { [start + 1, start + 2] };
    let (a, b) = (u64::from(*packed.get(a)?), u64::from(*packed.get(b)?));
    Some(if index % 2 == 0 { a | (b & 15) << 8 } else { a >> 4 | b << 4 })
}
