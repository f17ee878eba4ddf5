//! `steadfast`: the desktop shell over the same objects that Swift and Kotlin call.

#[allow(dead_code, unused_imports)]
mod draw;

fn main() {}
