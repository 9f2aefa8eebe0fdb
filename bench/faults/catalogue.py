"""The rows, in order: what can go wrong, and what measures it."""

from bench.faults import contract, load, malformed, offline, slow_clients
from bench.faults.outcome import Row
from bench.faults.suites import tests

ROWS = (
    Row(
        "R1",
        "`kill -9` of workers at each stage, before, during and after its commit",
        "0 lost, 0 duplicated, equal to an undisturbed run",
        tests("tests/faults/test_killed_worker.py"),
    ),
    Row(
        "R2",
        "`kill -9` of the service during an upload",
        "no half recording, what is left over is swept",
        tests("tests/faults/test_killed_service.py", "tests/app/test_blobs.py"),
    ),
    Row(
        "R3",
        "`kill -9` of the database server, of the whole tree; stale, reused, broken process ids",
        "starts again unaided, 0 acknowledged writes lost",
        tests("tests/app/test_embedded_postgres.py"),
    ),
    Row(
        "R4",
        "database stopped at once every 20 s under load, 5 min",
        "5xx only as 503 with Retry-After, recovery ≤ 5 s, no leaked connections",
        load.measure_restarts,
    ),
    Row(
        "R5",
        "worker frozen past its lease, then resumed; shared queue",
        "stale writes rejected, 0 duplicates",
        tests("tests/faults/test_shared_queue.py"),
    ),
    Row(
        "R6",
        "disk full: uploads, WAL, temporary files",
        "507, reads work, resumes when there is room",
        tests("tests/faults/test_full_disk.py"),
    ),
    Row(
        "R7",
        "poison file that kills its decoder; cancelled jobs",
        "≤ 5 attempts, other jobs unaffected",
        tests("tests/faults/test_poison_and_cancel.py"),
    ),
    Row(
        "R8",
        "migration of N-1 with data; backup and restore elsewhere",
        "identical answers and counts, erased data stays erased",
        tests("tests/migrations", "tests/app/backup"),
    ),
    Row(
        "H1",
        "hostile media: empty, cut off, wrong names, lying headers, many streams",
        "422 or a failed state with the reason; limited child",
        tests(
            "tests/ingest/speech/test_decode.py",
            "tests/ingest/speech/test_faults.py",
            "tests/faults/test_difficult_sound.py",
        ),
    ),
    Row(
        "H2",
        "malformed transcripts and documents, 100,000 by Hypothesis",
        "0 unhandled exceptions, ≤ 10 s and ≤ 512 MB each",
        malformed.measure,
    ),
    Row(
        "H3",
        "XXE, billion laughs, archive bombs, `../`, absolute, NUL and right-to-left names",
        "refused, nothing written elsewhere",
        tests(
            "tests/app/documents/test_extraction.py",
            "tests/app/documents/test_document_word_pdf.py",
            "tests/app/research/exchange/test_archive.py",
            "tests/ingest/test_study_yaml.py",
            "tests/ingest/importers/test_docx.py",
        ),
    ),
    Row(
        "H4",
        "SSRF: private, mapped, decimal and octal addresses, rebinding, redirects, large and slow bodies",
        "0 private connections, ≤ 3 redirects, 10 MB, 20 s",
        tests(
            "tests/app/documents/test_addresses.py",
            "tests/app/documents/test_web.py",
            "tests/app/rest/test_sources_route.py",
        ),
    ),
    Row(
        "H5",
        "uploads over the limit, with lying or absent length",
        "413 within one chunk",
        tests("tests/app/rest/test_gate.py", "tests/app/rest/test_uploads.py"),
    ),
    Row(
        "H5b",
        "1,000 clients that send their headers slowly (slowloris), at nginx as `examples/proxy` sets it up",
        "cut off within 12 s, pages p95 < 2 × that alone, 0 errors",
        slow_clients.measure,
    ),
    Row(
        "H6",
        "scripts in names, quotes, codes, titles and model text; formulas in spreadsheets",
        "0 executions, no inline script or style",
        tests("tests/app/web", "tests/browser/test_ask.py", "tests/app/library/test_export.py"),
    ),
    Row(
        "L1",
        "60 injections in transcripts, sources, names and tool results, in three languages",
        "0 side effects, 0 data of other studies, 0 links to elsewhere",
        tests("tests/app/answering/test_chat_injections.py"),
    ),
    Row(
        "L2",
        "chat provider: timeouts, 429, 500, cut off, invalid, fabricated and spliced quotes, wrong ids",
        "0 unverified quotes, extractive fallback ≤ 35 s",
        tests("tests/app/answering/test_chat_answers.py", "tests/app/answering/test_what_others_fail_at.py"),
    ),
    Row(
        "L3",
        "cost and loops: huge questions, 50 parallel asks per key",
        "limits hold, tokens counted exactly",
        tests("tests/app/test_chat_budget.py"),
    ),
    Row(
        "P1",
        "each route and tool × role × other study, with revoked, expired and no keys",
        "100 % of routes, 0 leaks, 404 across studies",
        tests("tests/app/access"),
    ),
    Row(
        "P2",
        "erasure: unique canaries for each participant, over the whole data directory",
        "0 hits after erasure, also after a restore",
        tests("tests/app/privacy/test_erasure.py", "tests/app/privacy/test_retention.py", "tests/app/backup"),
    ),
    Row(
        "P3",
        "archive of a participant (Art. 15 and 20)",
        "complete, machine-readable, without third parties",
        tests("tests/app/privacy/test_access.py"),
    ),
    Row(
        "P4",
        "audit of reads, exports, erasures, roles; hash chain",
        "each is written, each change of the chain is found",
        tests("tests/app/privacy/test_audit.py"),
    ),
    Row(
        "P5",
        "no network but loopback: ingest and ask, connections traced",
        "0 connections to elsewhere",
        offline.measure,
    ),
    Row(
        "A1",
        "Schemathesis: all checks and phases, three roles",
        "0 findings, no 500",
        contract.measure,
    ),
    Row(
        "A2",
        "ranges, ETag, HEAD of audio",
        "RFC 9110",
        tests("tests/app/rest/test_byte_ranges.py", "tests/app/rest/test_audio_route.py"),
    ),
    Row(
        "S1",
        "50 people who ask at once, lists beside",
        "0 errors, lists p95 ≤ 150 ms",
        load.measure_crowd,
    ),
    Row(
        "Q1",
        "axe on each page, at 1280 and 390 pixels, light and dark; keyboard alone",
        "0 serious",
        tests("tests/browser"),
    ),
    Row(
        "S2",
        "soak: mixed load for 20 minutes (the catalogue's 8 h were not run)",
        "memory grows ≤ 5 %, stable connections",
        load.measure_soak,
    ),
)
