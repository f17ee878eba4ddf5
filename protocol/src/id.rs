//! How the same thing gets the same id everywhere: `UUIDv5` (RFC 9562, section 5.5) of its natural key. Everything else is `UUIDv7`.

use uuid::Uuid;

/// The namespace of every id that Steadfast derives.
pub const NAMESPACE: Uuid = Uuid::from_u128(0x5f1d_91d6_2f0a_5c39_9c7e_0d0c_5a8e_41b7);

/// The id of something that another source already names: the same (source, external id) gives the same id on every device.
#[must_use]
pub fn imported(source: &str, external_id: &[u8]) -> Uuid {
    let namespace = Uuid::new_v5(&NAMESPACE, source.as_bytes());
    Uuid::new_v5(&namespace, external_id)
}

/// The id of an activity's split: stable for (activity, unit, index), however often splits are computed again.
#[must_use]
pub fn split(activity_id: Uuid, unit: &str, index: u32) -> Uuid {
    Uuid::new_v5(&activity_id, format!("split/{unit}/{index}").as_bytes())
}

/// The id of an activity's lap: stable for (activity, index).
#[must_use]
pub fn lap(activity_id: Uuid, index: u32) -> Uuid {
    Uuid::new_v5(&activity_id, format!("lap/{index}").as_bytes())
}

/// The id of a training day of a program.
#[must_use]
pub fn program_session(program_id: &str, week: u32, day: u32) -> Uuid {
    natural("program_session", &format!("{week}/{day}/{program_id}"))
}

/// The id of the strength work of a training day.
#[must_use]
pub fn workout_log(program_id: &str, week: u32, day: u32) -> Uuid {
    natural("workout_log", &format!("{week}/{day}/{program_id}"))
}

/// The id of an exercise of a workout log: the `occurrence`th (from 0) of its definition in that log.
#[must_use]
pub fn exercise(workout_log_id: Uuid, definition_id: Uuid, occurrence: u32) -> Uuid {
    Uuid::new_v5(
        &workout_log_id,
        format!("exercise/{definition_id}/{occurrence}").as_bytes(),
    )
}

/// The id of a set: its index in the exercise (from 0), which it keeps when another set is deleted.
#[must_use]
pub fn exercise_set(exercise_id: Uuid, index: u32) -> Uuid {
    Uuid::new_v5(&exercise_id, format!("set/{index}").as_bytes())
}

fn natural(kind: &str, key: &str) -> Uuid {
    Uuid::new_v5(&Uuid::new_v5(&NAMESPACE, kind.as_bytes()), key.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_training_day_has_one_id_on_every_device() {
        let log = workout_log("5x5", 1, 3);
        assert_ne!(log, program_session("5x5", 1, 3));
        assert_ne!(workout_log("3/5x5", 1, 3), workout_log("5x5", 1, 33));
        let squat = imported("catalogue", b"squat");
        insta::assert_snapshot!(
            format!("{log} {} {}", exercise(log, squat, 0), exercise_set(exercise(log, squat, 1), 2)),
            @"b61e3ce1-147a-555a-bd22-6d36b6fa01ad 71b9e025-fe4b-50e8-aa7f-75ff1a3833e3 5c2502a8-d5d5-5077-b930-58a552f9ef59"
        );
    }

    #[test]
    fn the_same_natural_key_gives_the_same_id_for_ever() {
        let id = imported("file", b"abc");
        assert_eq!(id, imported("file", b"abc"));
        assert_ne!(id, imported("health_kit", b"abc"));
        // A changed constant here would import every file a second time on every device.
        insta::assert_snapshot!(format!("{id} {} {}", split(id, "km", 1), lap(id, 1)), @"446c735d-b92a-52c6-baa7-49b2e1120b19 e812b7e1-9b26-5420-a2d9-8b81493e9085 d73b55e8-583f-56cd-b7da-31d688a0713b");
    }
}
