"""Which stage runs when, on what, with which version, and how its result is committed together with its job's state."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from appliance.adapters import text_lines
from appliance.adapters.text_reader import TextReader
from appliance.indexing import documents, faces, stages
from appliance.indexing.stages import Subject, Tools, Vector, Words
from appliance.library import captions, document
from appliance.library.access import SHOWN_CAPTION
from appliance.library.known import Known
from appliance.library.sidecars import Remembered, Settled
from appliance.store import queue
from appliance.store.db import Reader, Writer
from appliance.store.queue import Job

METADATA_VERSION = "1"
DERIVATIVES_VERSION = "1"
SIDECAR_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Stage:
    """`after` is the stage of the same asset that must be done first, by kind; a kind that isn't there has no such stage.

    `resource` names the threads that run it, so that one slow model never holds up another.
    """

    name: str
    after: Mapping[str, str | None]
    resource: str
    run: Callable[[Subject, Tools], Any]


TABLE: tuple[Stage, ...] = (
    Stage("metadata", {"photo": None, "video": None}, "decoding", stages.read_metadata),
    Stage("derivatives", {"photo": None, "video": None}, "decoding", stages.make_derivatives),
    Stage("picture", {"photo": "derivatives", "video": "derivatives"}, "picture", stages.embed_picture),
    Stage("text", {"photo": "derivatives"}, "text", stages.read_text),
    Stage("caption", {"photo": "derivatives", "video": "derivatives"}, "vision", stages.write_caption),
    Stage("embedding", {"photo": "derivatives", "video": "derivatives"}, "embedding", stages.embed),
    Stage(faces.STAGE, {"photo": "derivatives"}, "faces", stages.find_faces),  # only while People is on: indexing/faces.py
    Stage("sidecar", {}, "sidecar", stages.settle_sidecar),  # no asset begins with it: a person's change asks for it
)
STAGES: tuple[str, ...] = tuple(stage.name for stage in TABLE)
BY_NAME: dict[str, Stage] = {stage.name: stage for stage in TABLE}
RESOURCES: dict[str, tuple[str, ...]] = {
    resource: tuple(stage.name for stage in TABLE if stage.resource == resource)
    for resource in dict.fromkeys(stage.resource for stage in TABLE)
}


def first_jobs(writer: Writer, asset_id: int, kind: str, priority: int) -> None:
    """Write the jobs of a new asset. Its metadata was read when it was taken in, so that job is done from the start. Faces are not
    among them: whoever knows that People is on asks for these."""
    after = {stage.name: stage.after[kind] for stage in TABLE if kind in stage.after and stage.name != faces.STAGE}
    queue.add(writer, asset_id, [(name, needed is None) for name, needed in after.items()], priority=priority)
    writer.run(
        "UPDATE job SET state='done', version=? WHERE asset_id=? AND stage='metadata' AND state='waiting'",
        (METADATA_VERSION, asset_id),
    )


def subject(reader: Reader, asset_id: int, version: str) -> Subject | None:
    """Return what the stages are told of an asset, or None when it is gone; `version` is what the result will be of."""
    row = reader.first(
        f"""SELECT id, sha256, original, file_name, format, kind, added_at, screenshot,
             {SHOWN_CAPTION},
             (SELECT words FROM recognised_text WHERE asset_id=asset.id), description, capture_time, utc_offset, time_source
           FROM asset WHERE id=?""",
        (asset_id,),
    )
    if row is None:
        return None
    local, offset, source = row[-3:]
    remembered = reader.first("SELECT before, written FROM sidecar WHERE asset_id=?", (asset_id,))
    of_sidecar = _in_xmp(local, offset) if source == "person" else None, Remembered(*remembered) if remembered else None
    return Subject(*(*row[:-3], captions.first_prompt(reader, asset_id, version), *of_sidecar))


def _in_xmp(local: str, offset: int | None) -> str:
    """A capture time as exiftool takes it."""
    zone = "" if offset is None else f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02}:{abs(offset) % 60:02}"
    return local.replace("-", ":").replace("T", " ") + zone


def run(job: Job, subject: Subject, tools: Tools) -> Any:
    """Do the work of `job`; the result is for `commit` alone."""
    return BY_NAME[job.stage].run(subject, tools)


def version_of(stage: str, *, vision_model: str, embedder_model: str, picture_model: str, face_model: str) -> str:
    """Return what made, or would make, the result of `stage`; '' when its model is not here."""
    return {
        "metadata": METADATA_VERSION,
        "derivatives": DERIVATIVES_VERSION,
        "picture": picture_model,
        "text": f"{TextReader.MODEL}/{documents.VERSION}",
        "caption": vision_model,
        "embedding": embedder_model,
        faces.STAGE: face_model,
        "sidecar": SIDECAR_VERSION,
    }[stage]


def commit(writer: Writer, job: Job, kind: str, result: Any, *, version: str, now: int) -> bool:
    """Write the result and the job's state in the caller's transaction. False, and nothing written, when the claim was lost."""
    if not queue.finish(writer, job, version=version, now=now, unblocks=_following(job.stage, kind)):
        return False
    match job.stage:
        case "metadata":
            _keep_metadata(writer, job.asset_id, result)
        case "picture":
            _keep_picture(writer, job.asset_id, version, result)
        case "text":
            _keep_text(writer, job.asset_id, version, result)
        case "caption":
            captions.keep(writer, job.asset_id, version, result, now)
            queue.again(writer, job.asset_id, "embedding", priority=0)
        case "embedding":
            _keep_embeddings(writer, job.asset_id, version, result)
        case "sidecar":
            _keep_sidecar(writer, job.asset_id, result)
    return True


def fail(writer: Writer, job: Job, *, version: str, reason: str, now: int, final: bool) -> None:
    """Record a failure of `version`; nobody waits any longer for other words of a caption."""
    queue.fail(writer, job, reason=reason, now=now, final=final)
    ended = writer.run("UPDATE job SET version=? WHERE id=? AND state='failed'", (version, job.id))
    if ended and job.stage == "caption":
        captions.give_up_looking(writer, job.asset_id)


def rerun_outdated(writer: Writer, stage: str, version: str) -> int:
    """Let what another version of `stage` has made, or failed at, be made again after everything else; return how many jobs."""
    return writer.run(
        """UPDATE job SET state='waiting', attempts=0, not_before=0, reason=NULL, priority=-1
           WHERE stage=? AND state IN ('done','failed') AND version <> ?""",
        (stage, version),
    )


def shown(reader: Reader) -> tuple[str, ...]:
    """The stages that people read about: of faces nobody does before People is on."""
    return STAGES if faces.are_asked_for(reader) else tuple(stage for stage in STAGES if stage != faces.STAGE)


def open_jobs(
    reader: Reader, stages: Collection[str], asset_ids: Collection[int] | None = None, *, held: Collection[str] = ()
) -> int:
    """Return how many jobs of `stages` wait or run, of all assets or of `asset_ids`. Paused ones are left out, and of the stages
    that are `held` those that nobody waits for."""
    among = "SELECT value FROM json_each(:stages) WHERE value NOT IN (SELECT stage FROM paused_stage)"
    wanted = f"state IN ('waiting','running') AND stage IN ({among})"
    later = "state = 'waiting' AND stage IN (SELECT value FROM json_each(:held))"
    parameters = {"stages": json.dumps(sorted(stages)), "held": json.dumps(sorted(held))}
    if asset_ids is None:
        sql = f"SELECT coalesce(sum(jobs), 0) FROM job_count WHERE {wanted} AND NOT ({later})"
        return int(reader.value(sql, parameters)) + queue.urgent(reader, set(held).intersection(stages))
    sql = f"""SELECT count(*) FROM json_each(:assets) AS asset CROSS JOIN job ON job.asset_id = asset.value
              WHERE {wanted} AND (priority > 0 OR NOT ({later}))"""
    return int(reader.value(sql, {**parameters, "assets": json.dumps(sorted(asset_ids))}))


def _following(name: str, kind: str) -> list[str]:
    return [stage.name for stage in TABLE if stage.after.get(kind) == name]


def _keep_metadata(writer: Writer, asset_id: int, known: Known) -> None:
    """What a person corrected stays: a description that a person wrote, a capture time that a person set."""
    columns = dict(known.columns)
    described_by, time_source = writer.one("SELECT described_by, time_source FROM asset WHERE id=?", (asset_id,))
    description = columns.pop("description")
    if described_by is None and description:
        writer.run("UPDATE asset SET description=coalesce(description, ?) WHERE id=?", (description, asset_id))
    if time_source == "person":
        for name in ("capture_time", "utc_offset", "time_source"):
            del columns[name]
    writer.run(f"UPDATE asset SET {', '.join(f'{name}=?' for name in columns)} WHERE id=?", (*columns.values(), asset_id))
    writer.run("DELETE FROM tag WHERE asset_id=? AND source='file'", (asset_id,))
    writer.many("INSERT OR IGNORE INTO tag(asset_id, name, source) VALUES(?,?,'file')", [(asset_id, tag) for tag in known.tags])
    queue.again(writer, asset_id, "embedding", priority=0)


def _keep_picture(writer: Writer, asset_id: int, version: str, vector: Vector) -> None:
    writer.run(
        """INSERT INTO picture_embedding(asset_id, model, vector) VALUES(?,?,?)
           ON CONFLICT(asset_id) DO UPDATE SET model=excluded.model, vector=excluded.vector""",
        (asset_id, version, vector.astype("<f2").tobytes()),
    )


def _keep_text(writer: Writer, asset_id: int, version: str, found: Words) -> None:
    """Most pictures hold no words: then, as before, there is nothing more to embed."""
    before = writer.value("SELECT words FROM recognised_text WHERE asset_id=?", (asset_id,), "")
    writer.run(
        """INSERT INTO recognised_text(asset_id, model, words, lines) VALUES(?,?,?,?)
           ON CONFLICT(asset_id) DO UPDATE SET model=excluded.model, words=excluded.words, lines=excluded.lines""",
        (asset_id, version, found.text.words, text_lines.encoded(found.text.lines)),
    )
    decision = found.document
    document.found(writer, asset_id, decision.kind if decision else None, decision.reason if decision else "")
    if found.text.words != before:
        queue.again(writer, asset_id, "embedding", priority=0)


def _keep_embeddings(writer: Writer, asset_id: int, version: str, vectors: list[tuple[str, Vector]]) -> None:
    present = [source for source, _ in vectors]
    writer.run(
        f"DELETE FROM embedding WHERE asset_id=? AND (model <> ? OR source NOT IN ({','.join('?' * len(present))}))",
        (asset_id, version, *present),
    )
    writer.many(
        """INSERT INTO embedding(asset_id, source, model, vector) VALUES(?,?,?,?)
           ON CONFLICT(asset_id, source, model) DO UPDATE SET vector=excluded.vector""",
        [(asset_id, source, version, vector.astype("<f4").tobytes()) for source, vector in vectors],
    )


def _keep_sidecar(writer: Writer, asset_id: int, settled: Settled) -> None:
    """What stood there is kept before anything is written: the job runs a second time for that."""
    match settled.what:
        case "remember":
            writer.run("INSERT OR IGNORE INTO sidecar VALUES(?,?,'')", (asset_id, settled.before))
            queue.again(writer, asset_id, "sidecar", priority=0)
        case "written":
            writer.run("UPDATE sidecar SET written=? WHERE asset_id=?", (settled.written, asset_id))
        case "restored":
            writer.run("DELETE FROM sidecar WHERE asset_id=?", (asset_id,))
