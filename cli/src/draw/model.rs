//! What a sheet is drawn from. Plain numbers in SI; nothing here knows the store.

/// The unit system of everything printed on a sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Units {
    /// Kilometres, metres, km/h.
    #[default]
    Metric,
    /// Miles, feet, mph, yards in the pool.
    Imperial,
}

/// How the sport speaks of going fast.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rate {
    /// Minutes per kilometre or mile: running, walking, hiking.
    #[default]
    Pace,
    /// Minutes per 100 m or 100 yd: swimming.
    SwimPace,
    /// km/h or mph: cycling, skating, skiing, sailing.
    Speed,
}

/// One activity on one page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// The title; the kind stands in for an empty one.
    pub title: String,
    /// The kind of exercise in words: "Trail running".
    pub kind: String,
    /// Local date and start time, ready to print.
    pub started_at: String,
    /// Pace or speed.
    pub rate: Rate,
    /// The unit system.
    pub units: Units,
    /// The numbers under the title.
    pub totals: Totals,
    /// The track in order of time.
    pub points: Vec<SheetPoint>,
    /// The splits in order; each a kilometre or (imperial) a mile, the last one often shorter.
    pub splits: Vec<SheetSplit>,
}

/// The numbers under the title. `None` is left out of the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    /// Metres.
    pub distance_m: Option<f64>,
    /// Seconds that the timer ran.
    pub timer_s: f64,
    /// Seconds in motion.
    pub moving_s: f64,
    /// Seconds from start to end, pauses included.
    pub elapsed_s: f64,
    /// Mean speed over the moving time, m/s.
    pub average_speed_mps: Option<f64>,
    /// Metres climbed.
    pub elevation_gain_m: Option<f64>,
    /// Metres descended, positive.
    pub elevation_loss_m: Option<f64>,
    /// Mean heart rate, beats per minute.
    pub average_heart_rate_bpm: Option<f64>,
    /// Highest heart rate, beats per minute.
    pub max_heart_rate_bpm: Option<f64>,
    /// Rows in the track.
    pub sample_count: u64,
}

/// One row of the track.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SheetPoint {
    /// Seconds since the start, pauses included.
    pub time_s: f64,
    /// Seconds of the timer.
    pub timer_s: f64,
    /// Metres since the start.
    pub distance_m: Option<f64>,
    /// Degrees north.
    pub latitude_deg: Option<f64>,
    /// Degrees east.
    pub longitude_deg: Option<f64>,
    /// Metres above sea level.
    pub altitude_m: Option<f64>,
    /// Metres per second.
    pub speed_mps: Option<f64>,
    /// Beats per minute.
    pub heart_rate_bpm: Option<f64>,
    /// True for the first row after a pause or a gap: nothing is drawn between it and the row before.
    pub starts_segment: bool,
}

/// One row of the split table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SheetSplit {
    /// 1 for the first.
    pub index: u32,
    /// Metres.
    pub distance_m: f64,
    /// Seconds of the timer.
    pub duration_s: f64,
    /// Seconds per kilometre, in either unit system.
    pub pace_s_per_km: Option<f64>,
    /// Metres climbed.
    pub elevation_gain_m: f64,
    /// False for a last one that is shorter than the unit.
    pub is_full: bool,
}

impl Units {
    /// Metres in a kilometre or a mile.
    #[must_use]
    pub fn long_m(self) -> f64 {
        match self {
            Self::Metric => 1000.0,
            Self::Imperial => 1609.344,
        }
    }

    /// Metres in a metre or a foot.
    #[must_use]
    pub fn short_m(self) -> f64 {
        match self {
            Self::Metric => 1.0,
            Self::Imperial => 0.3048,
        }
    }

    /// The symbol of the long unit.
    #[must_use]
    pub fn long(self) -> &'static str {
        match self {
            Self::Metric => "km",
            Self::Imperial => "mi",
        }
    }

    /// The symbol of the short unit.
    #[must_use]
    pub fn short(self) -> &'static str {
        match self {
            Self::Metric => "m",
            Self::Imperial => "ft",
        }
    }
}

impl Rate {
    /// The word on the page.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pace | Self::SwimPace => "Pace",
            Self::Speed => "Speed",
        }
    }

    /// The unit on the page.
    #[must_use]
    pub fn unit(self, units: Units) -> &'static str {
        match (self, units) {
            (Self::Pace, Units::Metric) => "/km",
            (Self::Pace, Units::Imperial) => "/mi",
            (Self::SwimPace, Units::Metric) => "/100 m",
            (Self::SwimPace, Units::Imperial) => "/100 yd",
            (Self::Speed, Units::Metric) => "km/h",
            (Self::Speed, Units::Imperial) => "mph",
        }
    }

    /// The distance that a pace is told for, in metres; for a speed the distance unit itself.
    fn distance_m(self, units: Units) -> f64 {
        match (self, units) {
            (Self::SwimPace, Units::Metric) => 100.0,
            (Self::SwimPace, Units::Imperial) => 91.44,
            _ => units.long_m(),
        }
    }

    /// True if less is faster.
    #[must_use]
    pub fn is_pace(self) -> bool {
        self != Self::Speed
    }

    /// A speed in m/s as seconds per unit of distance, or as km/h or mph. No pace for a speed that is not above zero.
    #[must_use]
    pub fn of_speed(self, speed_mps: f64, units: Units) -> Option<f64> {
        let value = if self.is_pace() {
            self.distance_m(units) / speed_mps
        } else {
            speed_mps * 3600.0 / self.distance_m(units)
        };
        (value.is_finite() && value >= 0.0).then_some(value)
    }
}
