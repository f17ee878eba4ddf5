//! The town that the demo runs through: streets to follow, hills under them.

/// Metres east and north of the start.
pub type Place = (f64, f64);

/// The corners of the way, in metres. Home, down the avenue, three laps around the park, over the bridge, up the castle hill by its
/// hairpins, down the far side, through the underpass, home along the river.
fn corners() -> Vec<Place> {
    let mut corners: Vec<Place> = vec![
        (0.0, 0.0),
        (210.0, 85.0),
        (180.0, 160.0),
        (560.0, 315.0),
        (600.0, 220.0),
    ];
    let lap = [
        (760.0, 285.0),
        (1010.0, 320.0),
        (1120.0, 430.0),
        (1060.0, 560.0),
        (850.0, 590.0),
        (690.0, 500.0),
        (640.0, 370.0),
    ];
    for _ in 0..3 {
        corners.extend(lap);
    }
    corners.extend([
        (600.0, 220.0),
        (760.0, -60.0),
        (1010.0, -170.0),
        (1180.0, -110.0),
        (1290.0, -260.0),
        (1120.0, -330.0),
        (1330.0, -420.0),
        (1150.0, -500.0),
        (1380.0, -590.0),
        (1240.0, -690.0),
        (980.0, -740.0),
        (720.0, -620.0),
        (560.0, -700.0),
        (120.0, -760.0),
        (-160.0, -720.0),
        (-420.0, -560.0),
        (-640.0, -600.0),
        (-800.0, -380.0),
        (-690.0, -160.0),
        (-640.0, 240.0),
        (-420.0, 180.0),
        (-60.0, 210.0),
        (-90.0, 90.0),
        (0.0, 0.0),
    ]);
    corners
}

/// The way, a point every metre, its corners rounded as people run them.
pub struct Way(Vec<Place>);

impl Way {
    /// Walks the streets.
    pub fn new() -> Self {
        let mut line = corners();
        // Chaikin's corner cutting: twice turns a corner into a curve of a few metres.
        for _ in 0..2 {
            line = cut(&line);
        }
        Self(every_metre(&line))
    }

    /// Metres from start to end.
    #[allow(clippy::cast_precision_loss, reason = "some ten thousand points")]
    pub fn length_m(&self) -> f64 {
        (self.0.len() - 1) as f64
    }

    /// Where one is after so many metres.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the way"
    )]
    pub fn at(&self, metres: f64) -> Place {
        let metres = metres.clamp(0.0, self.length_m());
        let (index, rest) = (metres.floor() as usize, metres.fract());
        let (from, to) = (self.0[index], self.0[(index + 1).min(self.0.len() - 1)]);
        (from.0 + (to.0 - from.0) * rest, from.1 + (to.1 - from.1) * rest)
    }
}

fn cut(line: &[Place]) -> Vec<Place> {
    // No street is so long that its corner is cut by more than 12 m.
    let between = |a: Place, b: Place| {
        let length = (b.0 - a.0).hypot(b.1 - a.1);
        let share = (12.0 / length).min(0.25);
        let along = |share: f64| (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share);
        [along(share), along(1.0 - share)]
    };
    let mut rounded = vec![line[0]];
    rounded.extend(line.windows(2).flat_map(|pair| between(pair[0], pair[1])));
    rounded.push(line[line.len() - 1]);
    rounded
}

fn every_metre(line: &[Place]) -> Vec<Place> {
    let mut points = vec![line[0]];
    let mut gone = 0.0;
    for pair in line.windows(2) {
        let ((x, y), (to_x, to_y)) = (pair[0], pair[1]);
        let length = (to_x - x).hypot(to_y - y);
        let mut next = 1.0 - gone;
        while next <= length {
            points.push((x + (to_x - x) * next / length, y + (to_y - y) * next / length));
            next += 1.0;
        }
        gone = length - (next - 1.0);
    }
    points
}

/// Metres above the sea: a river valley, a castle hill in the south-east, a lower one in the west.
pub fn height_m((east, north): Place) -> f64 {
    let hill = |(x, y): Place, height: f64, radius: f64| {
        height * (-((east - x).powi(2) + (north - y).powi(2)) / radius.powi(2)).exp()
    };
    278.0 + hill((1330.0, -560.0), 64.0, 300.0) + hill((-760.0, -120.0), 31.0, 330.0) + hill((950.0, 480.0), 9.0, 260.0)
        - hill((300.0, -640.0), 7.0, 320.0)
}

/// Latitude and longitude in degrees. Metres a degree at 48° on WGS 84.
pub fn degrees((east, north): Place) -> (f64, f64) {
    (47.995_6 + north / 111_184.0, 7.851_2 + east / 74_628.0)
}
