//! Series made readable: smoothed, bounded against outliers, thinned to what a page can show.

/// The shortest window for pace and speed. Shorter shows the receiver's noise, longer hides a 200 m repetition.
pub const WINDOW_S: f64 = 30.0;
/// The longest one.
const LONGEST_WINDOW_S: f64 = 120.0;

/// The window for an activity of this length: 30 s up to three hours, then as much more as keeps a line legible that has to show
/// eight hours on 18 cm.
#[must_use]
pub fn window_s(duration_s: f64) -> f64 {
    ((duration_s / 360.0 / 5.0).round() * 5.0).clamp(WINDOW_S, LONGEST_WINDOW_S)
}

/// The range of rows in the same segment within half a window of each row, widened to the neighbours where rows are sparse.
fn windows<'a>(times: &'a [f64], starts: &'a [bool], window_s: f64) -> impl Iterator<Item = (usize, usize)> + 'a {
    let mut segment_start = 0;
    let mut segment_end = 0;
    let mut low = 0;
    let mut high = 0;
    (0..times.len()).map(move |row| {
        if row >= segment_end {
            segment_start = row;
            segment_end = (row + 1..times.len()).find(|next| starts[*next]).unwrap_or(times.len());
            (low, high) = (row, row);
        }
        while low < row && times[row] - times[low] > window_s / 2.0 {
            low += 1;
        }
        high = high.max(row);
        while high + 1 < segment_end && times[high + 1] - times[row] <= window_s / 2.0 {
            high += 1;
        }
        let wide_low = if low == row && row > segment_start {
            row - 1
        } else {
            low
        };
        let wide_high = if high == row && row + 1 < segment_end {
            row + 1
        } else {
            high
        };
        (wide_low, wide_high)
    })
}

/// The mean of the known values within half a window of each row, never across a segment. Unknown where the row is unknown.
#[must_use]
pub fn moving_mean(times: &[f64], starts: &[bool], values: &[Option<f64>], window_s: f64) -> Vec<Option<f64>> {
    let mut sums = Vec::with_capacity(values.len() + 1);
    let (mut sum, mut count) = (0.0, 0_u32);
    sums.push((sum, count));
    for value in values {
        if let Some(value) = value {
            sum += value;
            count += 1;
        }
        sums.push((sum, count));
    }
    windows(times, starts, window_s)
        .zip(values)
        .map(|((low, high), value)| {
            let (before, after) = (sums[low], sums[high + 1]);
            value.map(|_| (after.0 - before.0) / f64::from((after.1 - before.1).max(1)))
        })
        .collect()
}

/// The speed over the window around each row, from distances that never fall. Unknown where the window has no duration.
#[must_use]
pub fn speed_from_distance(
    times: &[f64],
    starts: &[bool],
    distances: &[Option<f64>],
    window_s: f64,
) -> Vec<Option<f64>> {
    windows(times, starts, window_s)
        .map(|(low, high)| {
            let low = (low..=high).find(|row| distances[*row].is_some())?;
            let high = (low..=high).rev().find(|row| distances[*row].is_some())?;
            let seconds = times[high] - times[low];
            (seconds > 0.0).then(|| (distances[high].unwrap_or(0.0) - distances[low].unwrap_or(0.0)) / seconds)
        })
        .collect()
}

/// Distances that rise by a pool's length now and then, spread evenly over the time between two rises (or since the segment's first row):
/// nobody swims 50 m in the second in which the wall is touched.
pub fn spread_lengths(times: &[f64], starts: &[bool], distances: &mut [Option<f64>]) {
    let mut from = 0;
    for row in 0..distances.len() {
        if starts[row] {
            from = row;
            continue;
        }
        let (Some(before), Some(after)) = (distances[row - 1], distances[row]) else {
            continue;
        };
        if after <= before {
            continue;
        }
        let base = distances[from].unwrap_or(before);
        let span = times[row] - times[from];
        for between in from + 1..row {
            let share = if span > 0.0 {
                (times[between] - times[from]) / span
            } else {
                1.0
            };
            distances[between] = Some(base + (after - base) * share);
        }
        from = row;
    }
}

/// The value below which `share` (0 to 1) of the finite values lie; `None` if there is none.
#[must_use]
pub fn quantile(values: impl IntoIterator<Item = f64>, share: f64) -> Option<f64> {
    let mut sorted: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
    if sorted.is_empty() {
        return None;
    }
    let rank = ((sorted.len() - 1) as f64 * share.clamp(0.0, 1.0)).round() as usize;
    let (_, value, _) = sorted.select_nth_unstable_by(rank, f64::total_cmp);
    Some(*value)
}

/// Keeps, of each of `buckets` equal stretches of x, the first, lowest, highest and last point: the drawn line does not change,
/// and no peak is lost. `points` are sorted by x.
#[must_use]
pub fn thin(points: &[(f64, f64)], buckets: usize) -> Vec<(f64, f64)> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return Vec::new();
    };
    let span = last.0 - first.0;
    if points.len() <= buckets * 2 || span.is_nan() || span <= 0.0 {
        let stride = points.len().div_ceil(buckets.max(1) * 4).max(1);
        return points.iter().step_by(stride).copied().collect();
    }
    let bucket = |point: &(f64, f64)| ((point.0 - first.0) / span * buckets as f64) as usize;
    let mut kept = Vec::with_capacity(buckets * 3);
    let mut start = 0;
    while start < points.len() {
        let end = (start + 1..points.len())
            .find(|row| bucket(&points[*row]) != bucket(&points[start]))
            .unwrap_or(points.len());
        let rows = start..end;
        let by_y = |left: &usize, right: &usize| points[*left].1.total_cmp(&points[*right].1);
        let mut chosen = [
            start,
            rows.clone().min_by(by_y).unwrap_or(start),
            rows.max_by(by_y).unwrap_or(start),
            end - 1,
        ];
        chosen.sort_unstable();
        for (place, row) in chosen.into_iter().enumerate() {
            if place == 0 || chosen[place - 1] != row {
                kept.push(points[row]);
            }
        }
        start = end;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seconds(count: usize) -> Vec<f64> {
        (0..count).map(|row| row as f64).collect()
    }

    #[test]
    fn lengths_of_a_pool_are_swum_between_the_walls() {
        let times = [0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0];
        let starts = [true, false, false, false, true, false, false];
        let mut distances = [0.0, 0.0, 50.0, 50.0, 50.0, 50.0, 100.0].map(Some);
        spread_lengths(&times, &starts, &mut distances);
        assert_eq!(distances, [0.0, 25.0, 50.0, 50.0, 50.0, 75.0, 100.0].map(Some));
    }

    #[test]
    fn an_even_pace_stays_what_it_is_up_to_both_ends() {
        let times = seconds(200);
        let distances: Vec<_> = times.iter().map(|time| Some(time * 3.0)).collect();
        let speeds = speed_from_distance(&times, &[false; 200], &distances, WINDOW_S);
        assert!(
            speeds
                .iter()
                .all(|speed| speed.is_some_and(|speed| (speed - 3.0).abs() < 1e-9))
        );
    }

    #[test]
    fn a_segment_does_not_bleed_into_the_next() {
        let times = seconds(100);
        let mut starts = [false; 100];
        starts[50] = true;
        let values: Vec<_> = (0..100).map(|row| Some(if row < 50 { 2.0 } else { 8.0 })).collect();
        let smooth = moving_mean(&times, &starts, &values, WINDOW_S);
        assert_eq!((smooth[49], smooth[50]), (Some(2.0), Some(8.0)));
    }

    #[test]
    fn rows_further_apart_than_the_window_still_have_a_speed() {
        let distances = [Some(0.0), Some(300.0), Some(600.0)];
        let speeds = speed_from_distance(&[0.0, 100.0, 200.0], &[false; 3], &distances, WINDOW_S);
        assert_eq!(speeds, [Some(3.0), Some(3.0), Some(3.0)]);
    }

    #[test]
    fn a_long_day_is_smoothed_more_but_never_without_end() {
        let told = [0.0, 3600.0, 10_800.0, 27_000.0, 1e6]
            .map(window_s)
            .map(|window| window.round() as u32);
        assert_eq!(told, [30, 30, 30, 75, 120]);
    }

    #[test]
    fn one_row_has_no_speed() {
        assert_eq!(speed_from_distance(&[5.0], &[true], &[Some(1.0)], WINDOW_S), [None]);
    }

    #[test]
    fn a_single_outlier_does_not_move_the_quantile() {
        let values = (0..1000).map(f64::from).chain([1e9, f64::NAN]);
        assert_eq!(quantile(values, 0.98), Some(980.0));
        assert_eq!(quantile([f64::NAN], 0.5), None);
    }

    proptest! {
        #[test]
        fn a_mean_stays_within_its_values(values in proptest::collection::vec(proptest::option::of(-100.0_f64..100.0), 1..300), every in 1_usize..50) {
            let times = seconds(values.len());
            let starts: Vec<bool> = (0..values.len()).map(|row| row % every == 0).collect();
            let smooth = moving_mean(&times, &starts, &values, WINDOW_S);
            for (mean, value) in smooth.iter().zip(&values) {
                prop_assert_eq!(mean.is_some(), value.is_some());
                prop_assert!(mean.is_none_or(|mean| (-100.001..100.001).contains(&mean)));
            }
        }

        #[test]
        fn thinning_keeps_ends_and_extremes(ys in proptest::collection::vec(-1e3_f64..1e3, 1..5000), buckets in 1_usize..400) {
            let points: Vec<_> = ys.iter().enumerate().map(|(row, y)| (row as f64, *y)).collect();
            let kept = thin(&points, buckets);
            prop_assert!(kept.len() <= buckets * 4 + 4);
            prop_assert_eq!(kept.first(), points.first());
            if points.len() > buckets * 2 {
                let top = |points: &[(f64, f64)]| points.iter().map(|point| point.1).fold(f64::MIN, f64::max);
                prop_assert!((top(&kept) - top(&points)).abs() < 1e-12);
                prop_assert_eq!(kept.last(), points.last());
            }
        }
    }
}
