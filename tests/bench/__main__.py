"""`make bench`: every benchmark, each beside its baseline in the same run."""

from tests.bench import (
    bench_backup,
    bench_faces,
    bench_ingest,
    bench_pages,
    bench_people,
    bench_questions,
    bench_search,
    bench_sharing,
    bench_vision,
)

for benchmark in (
    bench_search,
    bench_questions,
    bench_pages,
    bench_ingest,
    bench_sharing,
    bench_vision,
    bench_backup,
    bench_people,
    bench_faces,
):
    benchmark.main()
    print()
