//! Axis ticks at numbers that people count in.

/// Steps of a clock, in seconds; beyond a day, days by 1, 2, 5.
const CLOCK_STEPS: [f64; 18] = [
    1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 10_800.0, 21_600.0,
    43_200.0, 86_400.0,
];

/// The smallest step of 1, 2 or 5 times a power of ten that cuts `span` into at most `count` steps.
/// 1 for a span that is not a positive number.
#[must_use]
pub fn nice_step(span: f64, count: usize) -> f64 {
    let raw = span / count.max(1) as f64;
    if !raw.is_finite() || raw < 1e-12 {
        return 1.0;
    }
    let power = 10_f64.powf(raw.log10().floor());
    // The slack keeps 0.1 + 0.2 on the step it means.
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|digit| digit * power)
        .find(|step| *step >= raw * (1.0 - 1e-9))
        .unwrap_or(raw)
}

/// The same for seconds, in the steps of a clock.
#[must_use]
pub fn clock_step(span_s: f64, count: usize) -> f64 {
    let raw = span_s / count.max(1) as f64;
    if !raw.is_finite() || raw <= 0.0 {
        return 1.0;
    }
    let fits = CLOCK_STEPS.into_iter().find(|step| *step >= raw * (1.0 - 1e-9));
    fits.unwrap_or_else(|| nice_step(span_s / 86_400.0, count) * 86_400.0)
}

/// The multiples of `step` from `low` to `high`, both included. At most 1,000.
#[must_use]
pub fn multiples(low: f64, high: f64, step: f64) -> Vec<f64> {
    if !(low.is_finite() && high.is_finite() && step.is_finite()) || step <= 0.0 || high < low {
        return Vec::new();
    }
    let first = (low / step - 1e-9).ceil();
    let last = (high / step + 1e-9).floor();
    let count = (last - first + 1.0).clamp(0.0, 1000.0) as usize;
    // Counting in whole steps keeps rounding errors from adding up; `+ 0.0` turns −0 into 0.
    (0..count).map(|index| (first + index as f64) * step + 0.0).collect()
}

/// The number of decimals that tell multiples of `step` apart, at most 7.
#[must_use]
pub fn decimals(step: f64) -> usize {
    (0..7)
        .find(|places| {
            let scaled = step * 10_f64.powi(*places);
            (scaled - scaled.round()).abs() < 1e-6 * scaled.max(1.0) && scaled.round() >= 1.0
        })
        .unwrap_or(7) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn steps_are_the_ones_on_printed_axes() {
        let nice = [10.0, 42.2, 0.4, 7.0, 1e6].map(|span| format!("{}", nice_step(span, 10)));
        assert_eq!(nice, ["1", "5", "0.05", "1", "100000"]);
        let clock = [40.0, 600.0, 5400.0, 40_000.0, 1e6].map(|span| format!("{}", clock_step(span, 8)));
        assert_eq!(clock, ["5", "120", "900", "7200", "172800"]);
        assert_eq!([1.0, 0.5, 0.05, 20.0, 0.001].map(decimals), [0, 1, 2, 0, 3]);
    }

    #[test]
    fn no_span_still_has_a_step() {
        for span in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(nice_step(span, 5) > 0.0 && clock_step(span, 5) > 0.0);
        }
        assert!(multiples(0.0, f64::NAN, 1.0).is_empty());
    }

    proptest! {
        #[test]
        fn ticks_are_few_inside_and_evenly_spaced(low in -1e6_f64..1e6, span in 1e-4_f64..1e6, count in 2_usize..20) {
            for step in [nice_step(span, count), clock_step(span, count)] {
                let ticks = multiples(low, low + span, step);
                prop_assert!(ticks.len() <= count + 1);
                let slack = 1e-6 * (step + low.abs());
                prop_assert!(ticks.iter().all(|tick| *tick >= low - slack && *tick <= low + span + slack));
                prop_assert!(ticks.windows(2).all(|pair| (pair[1] - pair[0] - step).abs() < slack.max(1e-9)));
            }
        }

        #[test]
        fn a_nice_step_is_never_more_than_two_and_a_half_times_what_was_asked(span in 1e-4_f64..1e9, count in 1_usize..20) {
            let step = nice_step(span, count);
            prop_assert!(step >= span / count as f64 * 0.999 && step <= span / count as f64 * 2.501);
            let digit = step / 10_f64.powf(step.log10().floor() );
            prop_assert!([1.0, 2.0, 5.0, 10.0].into_iter().any(|nice: f64| (digit - nice).abs() < 1e-6));
        }
    }
}
