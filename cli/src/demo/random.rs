//! Numbers that look random and are the same in every run.

/// `SplitMix64` (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
pub struct Random(u64);

impl Random {
    /// The sequence of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to 1.
    #[allow(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Mean 0, standard deviation 1, nearly normal: twelve uniform numbers less their mean (Irwin–Hall).
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// An error that wanders: a receiver that is three metres off now is still about three metres off in a second.
pub struct Drift {
    deviation: f64,
    /// What stays of it after a second.
    stays: f64,
    value: f64,
}

impl Drift {
    /// With this standard deviation, forgotten over `seconds`.
    pub fn new(deviation: f64, seconds: f64) -> Self {
        Self {
            deviation,
            stays: (-1.0 / seconds).exp(),
            value: 0.0,
        }
    }

    /// Its value a second later.
    pub fn step(&mut self, random: &mut Random) -> f64 {
        let fresh = self.deviation * (1.0 - self.stays * self.stays).sqrt();
        self.value = self.value * self.stays + fresh * random.normal();
        self.value
    }
}
