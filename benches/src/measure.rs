//! Turns and medians.

use std::time::{Duration, Instant};

/// Seconds that `job` takes, and what it gives.
pub fn timed<T>(job: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let value = job();
    (start.elapsed().as_secs_f64(), value)
}

/// Runs ours and the peer's in turns and gives the median of each. A job prepares what it needs and returns the seconds of the part that
/// counts. One turn of each goes before and is not counted.
pub fn in_turns(rounds: usize, mut ours: impl FnMut() -> f64, mut peer: impl FnMut() -> f64) -> (f64, f64) {
    ours();
    peer();
    let (mut of_ours, mut of_peer) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        of_ours.push(ours());
        of_peer.push(peer());
    }
    (median(&mut of_ours), median(&mut of_peer))
}

/// The middle value; the mean of the two middle ones of an even number.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    f64::midpoint(values[(values.len() - 1) / 2], values[values.len() / 2])
}

/// The value that 95 of 100 do not exceed.
pub fn p95(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(values.len() * 95 / 100).min(values.len() - 1)]
}

/// The largest value.
pub fn max(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::MIN, f64::max)
}

/// A count as a number to divide by.
#[allow(clippy::cast_precision_loss, reason = "counts of bytes and samples, far below 2^52")]
pub fn number(count: impl TryInto<u64>) -> f64 {
    count.try_into().map_or(f64::NAN, |count| count as f64)
}

/// Processor seconds of the whole process, in the kernel and out of it.
pub fn cpu_seconds() -> f64 {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let (whole, part) = (spent.tv_sec.cast_unsigned(), spent.tv_nsec.cast_unsigned());
    Duration::new(whole, u32::try_from(part).unwrap_or_default()).as_secs_f64()
}
