//! Speed as colour.

use super::smooth::quantile;

/// The "plasma" ramp of matplotlib (CC0) without its two pale ends: lightness rises evenly, so it reads the same in grey and for
/// every colour vision, and its fastest colour still stands out on paper.
const RAMP: [(f64, [u8; 3]); 9] = [
    (0.0, [22, 7, 138]),
    (0.09, [65, 4, 157]),
    (0.215, [106, 0, 168]),
    (0.34, [143, 13, 164]),
    (0.47, [177, 42, 144]),
    (0.595, [204, 71, 120]),
    (0.72, [225, 100, 98]),
    (0.85, [242, 132, 75]),
    (1.0, [252, 166, 54]),
];

/// The number of colours that a route is drawn in; more would only make more paths.
pub const STEPS: usize = 32;

/// The colour at 0 (slow) to 1 (fast), as `#rrggbb`.
#[must_use]
pub fn ramp(place: f64) -> String {
    let place = if place.is_finite() { place.clamp(0.0, 1.0) } else { 0.5 };
    let upper = RAMP
        .iter()
        .position(|(at, _)| *at >= place)
        .unwrap_or(RAMP.len() - 1)
        .max(1);
    let ((from, low), (to, high)) = (RAMP[upper - 1], RAMP[upper]);
    let share = (place - from) / (to - from);
    let mix = |channel: usize| {
        let (low, high) = (f64::from(low[channel]), f64::from(high[channel]));
        (low + (high - low) * share).round() as u8
    };
    format!("#{:02x}{:02x}{:02x}", mix(0), mix(1), mix(2))
}

/// The speeds that the two ends of the ramp stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpeedScale {
    /// m/s, and everything below.
    pub low: f64,
    /// m/s, and everything above.
    pub high: f64,
}

impl SpeedScale {
    /// From the 3rd to the 97th percentile of the speeds in motion; `None` without any. At least a tenth of the speed wide, so
    /// that an even effort does not look like a wild one.
    #[must_use]
    pub fn over(speeds: &[f64]) -> Option<Self> {
        let median = quantile(speeds.iter().copied().filter(|speed| *speed > 0.2), 0.5)?;
        let moving = || speeds.iter().copied().filter(|speed| *speed > median * 0.3);
        let (low, high) = (quantile(moving(), 0.03)?, quantile(moving(), 0.97)?);
        let widen = ((low + high) * 0.05 - (high - low)).max(0.0) / 2.0;
        Some(Self {
            low: low - widen,
            high: high + widen,
        })
    }

    /// Where a speed lies on the ramp, 0 to 1.
    #[must_use]
    pub fn place(&self, speed: f64) -> f64 {
        ((speed - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// The colour of a speed.
    #[must_use]
    pub fn colour(&self, speed: f64) -> String {
        ramp(self.place(speed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance of WCAG 2.
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).expect("two hex digits")) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    #[test]
    fn faster_is_always_lighter_and_never_lost_on_paper() {
        let steps: Vec<f64> = (0..=50).map(|step| luminance(&ramp(f64::from(step) / 50.0))).collect();
        assert!(steps.windows(2).all(|pair| pair[1] >= pair[0] - 1e-4), "{steps:?}");
        assert!((1.0 + 0.05) / (steps[50] + 0.05) > 1.8);
    }

    #[test]
    fn standing_still_and_outliers_do_not_stretch_the_scale() {
        let mut speeds: Vec<f64> = (0..1000).map(|row| 3.0 + f64::from(row % 10) / 10.0).collect();
        speeds.extend([0.0; 20]);
        speeds.extend([300.0; 5]);
        let scale = SpeedScale::over(&speeds).expect("there are speeds");
        assert!(scale.low >= 3.0 && scale.high <= 3.9, "{scale:?}");
        assert!(SpeedScale::over(&[0.0, f64::NAN]).is_none());
    }

    #[test]
    fn an_even_speed_has_a_scale_with_a_width() {
        let scale = SpeedScale::over(&[2.0; 10]).expect("there are speeds");
        assert!(scale.high > scale.low);
        assert!((scale.place(2.0) - 0.5).abs() < 1e-9);
    }
}
