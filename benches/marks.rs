//! Marks and layout: pixels to seals, photos, codes, ruling lines and cells.

mod common;

use std::hint::black_box;

use common::CpuTime;
use criterion::{Criterion, criterion_group, criterion_main};
use material_audit::marks::{self, Known};
use material_audit::model::page::ColourMode;
use material_audit::{layout, raster};

const PAGES: [(&str, (&str, usize), ColourMode); 3] = [
    ("form with a photo", common::FORM, ColourMode::Colour),
    ("opinions with seals", common::OPINIONS, ColourMode::Colour),
    ("text, G4", common::FAX, ColourMode::Bilevel),
];

fn find_marks(c: &mut Criterion<CpuTime>) {
    let mut group = c.benchmark_group("marks");
    group.sample_size(20);
    for (name, page, mode) in PAGES {
        let (image, dpi) = common::level(page);
        group.bench_function(format!("{name}: all marks"), |b| {
            b.iter(|| black_box(marks::find_marks(&image, dpi, mode)));
        });
        let found = marks::find_marks(&image, dpi, mode);
        let known = Known { seals: &found.seals, photos: &found.photos, printed: &[], mode };
        group.bench_function(format!("{name}: strokes"), |b| {
            b.iter(|| black_box(marks::find_written(&image, dpi, &[], &known)));
        });
        let pictures: Vec<_> = found.seals.iter().map(|s| s.rect).collect();
        group.bench_function(format!("{name}: watermark"), |b| {
            b.iter(|| black_box(marks::find_watermark(&image, dpi, mode, &pictures)));
        });
    }
    group.finish();
}

fn find_layout(c: &mut Criterion<CpuTime>) {
    let mut group = c.benchmark_group("layout");
    group.sample_size(20);
    for (name, page, _) in PAGES {
        let drawn = common::drawn(page);
        let grey = raster::grey(&drawn.image);
        group.bench_function(format!("{name}: skew"), |b| b.iter(|| black_box(layout::skew(&grey, drawn.dpi))));
        let (image, dpi) = common::level(page);
        let grey = raster::grey(&image);
        group.bench_function(format!("{name}: tables"), |b| b.iter(|| black_box(layout::tables(&grey, dpi))));
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = common::on_cpu();
    targets = find_marks, find_layout
}
criterion_main!(benches);
