//! What the messages of a FIT file say, as far as a recording needs it.

use crate::error::Result;

use super::super::model::Repairs;
use super::super::point::{self, Place, Point, positive, quantum, signed};
use super::decode::{EPOCH_S, FIRST_ABSOLUTE_TIME, Message};
use super::heart_rate::HeartRates;
use super::profile::message;
use super::timer::Turn;

/// Fields of the messages below, by their numbers in the profile.
mod field {
    pub const LATITUDE: u8 = 0;
    pub const LONGITUDE: u8 = 1;
    pub const ALTITUDE: u8 = 2;
    pub const HEART_RATE: u8 = 3;
    pub const CADENCE: u8 = 4;
    pub const DISTANCE: u8 = 5;
    pub const SPEED: u8 = 6;
    pub const POWER: u8 = 7;
    pub const COMPRESSED_SPEED_DISTANCE: u8 = 8;
    pub const GPS_ACCURACY: u8 = 31;
    pub const FRACTIONAL_CADENCE: u8 = 53;
    pub const ENHANCED_SPEED: u8 = 73;
    pub const ENHANCED_ALTITUDE: u8 = 78;
}

/// A session message. Times in UTC milliseconds, lengths in metres.
#[derive(Clone, Debug, Default)]
pub(super) struct Session {
    pub written_at_ms: Option<i64>,
    pub started_at_ms: Option<i64>,
    pub elapsed_s: Option<f64>,
    pub timer_s: Option<f64>,
    pub moving_s: Option<f64>,
    pub distance_m: Option<f64>,
    pub ascent_m: Option<f64>,
    pub descent_m: Option<f64>,
    pub sport: Option<u32>,
    pub sub_sport: Option<u32>,
    pub pool_length_m: Option<f64>,
}

/// Everything of a file.
#[derive(Default)]
pub(super) struct Collected {
    pub file_type: Option<u32>,
    pub manufacturer: Option<u32>,
    pub product: Option<u32>,
    pub product_name: Option<String>,
    pub points: Vec<Point>,
    pub turns: Vec<Turn>,
    pub sessions: Vec<Session>,
    /// Ends of the lengths swum.
    pub lengths: Vec<i64>,
    pub sport: (Option<u32>, Option<u32>),
    /// Local minus UTC.
    pub utc_offset_s: Option<i32>,
    pub heart_rates: HeartRates,
    pub repairs: Repairs,
    held: usize,
    compressed_distance: CompressedDistance,
}

/// The 12-bit distance of `compressed_speed_distance` counts sixteenths of a metre and wraps every 256 m.
#[derive(Default)]
struct CompressedDistance {
    last: Option<u32>,
    sum: u64,
}

impl CompressedDistance {
    /// Speed in m/s and distance in metres since the start.
    fn take(&mut self, raw: &[u8]) -> Option<(f64, f64)> {
        let &[a, b, c] = raw else { return None };
        if raw == [0xff; 3] {
            return None;
        }
        let speed = u32::from(a) | u32::from(b & 15) << 8;
        let distance = u32::from(b) >> 4 | u32::from(c) << 4;
        self.sum += u64::from(distance.wrapping_sub(self.last.unwrap_or(distance)) & 0xfff);
        self.last = Some(distance);
        #[allow(clippy::cast_precision_loss, reason = "below 2^53 sixteenths of a metre")]
        Some((f64::from(speed) / 100.0, self.sum as f64 / 16.0))
    }
}

/// UTC milliseconds of a FIT time; `None` for a time since the device was switched on.
pub(super) fn time_ms(seconds: u32) -> Option<i64> {
    (seconds >= FIRST_ABSOLUTE_TIME).then(|| (EPOCH_S + i64::from(seconds)) * 1000)
}

impl Collected {
    /// Takes a message in.
    pub(super) fn take(&mut self, message: &Message<'_>) -> Result<()> {
        match message.number() {
            message::RECORD => return self.record(message),
            message::EVENT => self.event(message),
            message::SESSION => self.sessions.push(session(message)),
            message::LENGTH => {
                let started = message.unsigned(2).and_then(time_ms);
                let ended = started.zip(message.number_in(3)).and_then(|(started, ms)| Some(started + whole_ms(ms / 1000.0)?));
                let ended = ended.or_else(|| message.timestamp.and_then(time_ms));
                // Length type 1 is swum, 0 is a rest.
                self.lengths.extend(ended.filter(|_| message.unsigned(12) == Some(1)));
            }
            message::HEART_RATE => self.heart_rates.take(message),
            message::FILE_ID => {
                self.file_type = self.file_type.or(message.unsigned(0));
                self.manufacturer = self.manufacturer.or(message.unsigned(1));
                self.product = self.product.or(message.unsigned(2));
                self.product_name = self.product_name.take().or_else(|| message.text(8));
            }
            message::DEVICE_INFO if message.unsigned(0) == Some(0) => {
                self.product_name = self.product_name.take().or_else(|| message.text(27));
            }
            message::SPORT => self.sport = (message.unsigned(0), message.unsigned(1)),
            message::LAP if self.sport.0.is_none() => self.sport = (message.unsigned(25), message.unsigned(39)),
            message::ACTIVITY => self.activity(message),
            _ => {}
        }
        Ok(())
    }

    fn record(&mut self, message: &Message<'_>) -> Result<()> {
        let repairs = &mut self.repairs;
        let degrees = |field| Some(message.number_in(field)? * (180.0 / 2_147_483_648.0));
        let place = match (degrees(field::LATITUDE), degrees(field::LONGITUDE)) {
            (Some(latitude), Some(longitude)) => Place::from_degrees(latitude, longitude),
            _ => Place::None,
        };
        let compressed = message.raw(field::COMPRESSED_SPEED_DISTANCE).and_then(|raw| self.compressed_distance.take(raw));
        let either = |enhanced, plain| message.number_in(enhanced).or_else(|| message.number_in(plain));
        let speed = either(field::ENHANCED_SPEED, field::SPEED).map(|mm| mm / 1000.0).or(compressed.map(|(speed, _)| speed));
        let altitude = either(field::ENHANCED_ALTITUDE, field::ALTITUDE).map(|fifths| fifths / 5.0 - 500.0);
        let distance = message.number_in(field::DISTANCE).map(|cm| cm / 100.0).or(compressed.map(|(_, distance)| distance));
        let cadence = message.number_in(field::CADENCE);
        let cadence = cadence.map(|rpm| rpm + message.number_in(field::FRACTIONAL_CADENCE).unwrap_or(0.0) / 128.0);
        let point = Point {
            time_ms: message.timestamp.and_then(time_ms),
            place,
            altitude_cm: signed(altitude, 100.0, repairs),
            speed_cmps: positive(speed, 100.0, repairs),
            course_ddeg: None,
            horizontal_accuracy_dm: positive(message.number_in(field::GPS_ACCURACY), 10.0, repairs),
            heart_rate_bpm: positive(message.number_in(field::HEART_RATE), 1.0, repairs).filter(|&bpm| bpm > 0),
            cadence_rpm: positive(cadence, 1.0, repairs),
            power_w: positive(message.number_in(field::POWER), 1.0, repairs),
            distance_cm: positive(distance, 100.0, repairs),
        };
        point::push(&mut self.points, point, &mut self.held)
    }

    fn event(&mut self, message: &Message<'_>) {
        // Event 0 is the timer; types 0 start, 1 stop, 4 stop all, 8 stop and disable, 9 stop and disable all.
        let starts = match (message.unsigned(0), message.unsigned(1)) {
            (Some(0), Some(0)) => true,
            (Some(0), Some(1 | 4 | 8 | 9)) => false,
            _ => return,
        };
        self.turns.extend(message.timestamp.and_then(time_ms).map(|at| (at, starts)));
    }

    fn activity(&mut self, message: &Message<'_>) {
        let (Some(utc), Some(local)) = (message.timestamp, message.unsigned(5)) else { return };
        let offset = i64::from(local) - i64::from(utc);
        // The two are read a moment apart; offsets are whole quarters of an hour. What is no offset (a clock that was never set) is
        // left out, and so is zero, which devices write that know no local time.
        let quarter = (offset + 450).div_euclid(900) * 900;
        let told = offset != 0 && (offset - quarter).abs() <= 60 && quarter.abs() <= 18 * 3600;
        self.utc_offset_s = self.utc_offset_s.or(i32::try_from(quarter).ok().filter(|_| told));
    }
}

fn session(message: &Message<'_>) -> Session {
    let scaled = |field, scale: f64| message.number_in(field).map(|number| number / scale);
    Session {
        written_at_ms: message.timestamp.and_then(time_ms),
        started_at_ms: message.unsigned(2).and_then(time_ms),
        elapsed_s: scaled(7, 1000.0),
        timer_s: scaled(8, 1000.0),
        moving_s: scaled(59, 1000.0),
        distance_m: scaled(9, 100.0),
        ascent_m: scaled(22, 1.0),
        descent_m: scaled(23, 1.0),
        sport: message.unsigned(5),
        sub_sport: message.unsigned(6),
        pool_length_m: scaled(44, 100.0),
    }
}

/// Seconds to milliseconds.
pub(super) fn whole_ms(seconds: f64) -> Option<i64> {
    quantum(seconds, 1000.0).map(i64::from).or_else(|| quantum(seconds, 1.0).map(|seconds| i64::from(seconds) * 1000))
}
