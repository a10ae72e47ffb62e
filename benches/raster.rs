//! A page to pixels: rendering PDF pages, decoding images, measuring the scan.

mod common;

use std::hint::black_box;

use common::CpuTime;
use criterion::{Criterion, criterion_group, criterion_main};
use material_audit::model::packet::DocumentKind;
use material_audit::{pdf, raster};

fn render(c: &mut Criterion<CpuTime>) {
    let mut group = c.benchmark_group("render");
    group.sample_size(20);
    for (name, (file, page)) in
        [("colour scan", common::FORM), ("G4 scan", common::FAX), ("born digital", common::DIGITAL)]
    {
        let pdf = common::open(file);
        let text = pdf::page_text(&pdf, page).expect("a fixture's page");
        assert_eq!(text.born_digital(), name == "born digital", "{file}");
        group.bench_function(name, |b| {
            b.iter(|| black_box(raster::render_page(&pdf, page, raster::WANTED_DPI, &text)).expect("drawn"));
        });
        group.bench_function(format!("{name}, its text and images"), |b| {
            b.iter(|| black_box(pdf::page_text(&pdf, page)).expect("read"));
        });
    }
    group.finish();
}

fn decode(c: &mut Criterion<CpuTime>) {
    let mut group = c.benchmark_group("decode");
    group.sample_size(20);
    for (extension, kind) in [
        ("jpg", DocumentKind::Jpeg),
        ("png", DocumentKind::Png),
        ("bmp", DocumentKind::Bmp),
        ("tif", DocumentKind::Tiff),
    ] {
        let (path, kind) = common::loose(extension, kind);
        group.bench_function(extension, |b| {
            b.iter(|| black_box(raster::decode_image(&path, kind, 0)).expect("decoded"));
        });
    }
    group.finish();
}

fn measure(c: &mut Criterion<CpuTime>) {
    let page = common::drawn(common::FORM);
    let mut group = c.benchmark_group("measure");
    group.sample_size(20);
    group.bench_function("quality", |b| b.iter(|| black_box(raster::measure(&page))));
    group.bench_function("grey", |b| b.iter(|| black_box(raster::grey(&page.image))));
    let grey = raster::grey(&page.image);
    group.bench_function("thumb", |b| b.iter(|| black_box(raster::thumb(&grey))));
    group.bench_function("rotate", |b| b.iter(|| black_box(raster::rotated(&page.image, 0.6))));
    group.finish();
}

criterion_group! {
    name = benches;
    config = common::on_cpu();
    targets = render, decode, measure
}
criterion_main!(benches);
