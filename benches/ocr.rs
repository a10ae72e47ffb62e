//! Text: the detector, one line through the recogniser, a whole page, its orientation. Needs the installed models.

#![allow(clippy::print_stdout, reason = "a bench says on the terminal what it measured")]

mod common;

use std::hint::black_box;

use common::CpuTime;
use criterion::{Criterion, criterion_group, criterion_main};
use image::imageops::crop_imm;
use material_audit::ocr::{Detected, Engine, OnnxEngine, orientation, read_detected};

fn engine() -> Option<OnnxEngine> {
    Some(OnnxEngine::load(&common::models()?).expect("the verified models load"))
}

fn text(c: &mut Criterion<CpuTime>) {
    let Some(mut engine) = engine() else { return };
    let mut group = c.benchmark_group("ocr");
    group.sample_size(10);
    for (name, page) in [("form", common::FORM), ("text, G4", common::FAX)] {
        let (image, dpi) = common::level(page);
        group.bench_function(format!("{name}: detect"), |b| {
            b.iter(|| black_box(engine.detect(&image, dpi)).expect("detected"));
        });
        group.bench_function(format!("{name}: detect and orientation"), |b| {
            b.iter(|| black_box(orientation(&mut engine, &image, dpi)).expect("read"));
        });
        let detected = Detected::on(&mut engine, &image, dpi).expect("detected");
        println!("{name}: {} boxes", detected.quads.len());
        group.bench_function(format!("{name}: recognise every line"), |b| {
            b.iter(|| black_box(read_detected(&mut engine, &image, &detected)).expect("read"));
        });
        let longest = detected.quads.iter().max_by(|a, b| a.width().total_cmp(&b.width())).expect("a page with text");
        let (x0, y0, x1, y1) = longest.bounds();
        let line = crop_imm(&image, x0 as u32, y0 as u32, (x1 - x0) as u32, (y1 - y0) as u32).to_image();
        println!("{name}: the longest line is {} x {} pixels", line.width(), line.height());
        group.bench_function(format!("{name}: recognise the longest line"), |b| {
            b.iter(|| black_box(engine.recognise(&line)).expect("read"));
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = common::on_cpu();
    targets = text
}
criterion_main!(benches);
