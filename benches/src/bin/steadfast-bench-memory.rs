//! Measures the memory of one thing. A program of its own: an allocator that counts slows down whatever else is measured, and the more the
//! more it allocates.

use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

fn main() {
    steadfast_benches::bench_memory(ALLOCATOR);
}
