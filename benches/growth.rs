//! How load, judge and render grow with a project's own checks and with its shots. Time that depends on either must
//! grow linearly.
//!
//! Run `cargo bench --bench growth`; a word after `--` filters the benchmarks.

#![expect(clippy::unwrap_used, reason = "a program for developers")]

#[path = "peers/project.rs"]
#[expect(dead_code, reason = "the rest is for whole processes")]
mod project;

use std::{hint::black_box, path::Path, time::Duration};

use camino::Utf8Path;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput, measurement::WallTime};
use greenlight::{
    judge::{self, rules},
    load::{self, Loaded},
    model::report::Batch,
    preflight::{Environment, Observed, Options, Preflight},
    render::{self, Format, Style},
    secrets::Redactor,
};
use tokio_util::sync::CancellationToken;

/// Writes a project of the given size into a folder.
type Write = fn(&Path, usize);

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    let folder = tempfile::tempdir().unwrap();
    let sizes: [(&str, &[usize], Write); 2] = [
        ("checks", &[10, 200, 5_000], |place, size| project::with_checks(place, 0, size)),
        ("shots", &[1, 50, 500], project::with_shots),
    ];
    for (what, sizes, write) in sizes {
        let places: Vec<_> =
            sizes.iter().map(|size| (*size, folder.path().join(format!("{what}-{size}")))).collect();
        for (size, place) in &places {
            write(place, *size);
        }
        let mut group = criterion.benchmark_group(format!("load/{what}"));
        each(&mut group, &places, |place| move || load(place));
        group.finish();
        let mut group = criterion.benchmark_group(format!("judge/{what}"));
        each(&mut group, &places, |place| {
            let (loaded, observed) = seen(place);
            move || judge::judge(&observed.case(&loaded)).report.findings.len()
        });
        group.finish();
        for format in [Format::Table, Format::Json, Format::Markdown] {
            let mut group = criterion.benchmark_group(format!("render {format}/{what}"));
            each(&mut group, &places, |place| {
                let (loaded, observed) = seen(place);
                let batch = Batch::one(judge::judge(&observed.case(&loaded)).report);
                move || render::render(&batch, format, &Style::new(100, false))
            });
            group.finish();
        }
    }
    criterion.final_summary();
}

fn each<'p, T, W: Fn() -> T>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    places: &'p [(usize, std::path::PathBuf)],
    work: impl Fn(&'p Path) -> W,
) {
    for (size, place) in places {
        let work = work(place);
        group.throughput(Throughput::Elements(u64::try_from(*size).unwrap()));
        group.bench_with_input(BenchmarkId::from_parameter(size), &(), |bencher, ()| {
            bencher.iter(|| black_box(work()));
        });
    }
}

fn load(place: &Path) -> Loaded {
    let dir = Utf8Path::from_path(place).unwrap();
    load::project(dir, Utf8Path::new(load::PROJECT_FILE), &rules::known()).unwrap()
}

fn seen(place: &Path) -> (Loaded, Observed) {
    let (loaded, redactor) = (load(place), Redactor::default());
    let environment = Environment {
        started: "2026-11-26T12:00:00Z".parse().unwrap(),
        dir: Utf8Path::from_path(place).unwrap(),
        env: &|_| None,
        temp_dirs: Vec::new(),
        redactor: &redactor,
    };
    let preflight = Preflight::new(Options { offline: true, ..Options::default() }, &environment);
    let cancel = CancellationToken::new();
    let event_loop = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let observed = event_loop.block_on(preflight.observe(&loaded, &(), &cancel)).unwrap();
    (loaded, observed)
}
