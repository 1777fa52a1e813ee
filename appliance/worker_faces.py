"""The worker's part of People: whether faces are looked for, and how what is found leaves it, sealed."""

from appliance.adapters.facefinder import MODEL, FaceFinder, Faces, InstalledFaces
from appliance.indexing import faces, pipeline
from appliance.people import consent, inbox
from appliance.people.inbox import Found, FoundFace
from appliance.store.db import Store, Writer
from appliance.store.layout import Layout


class FaceWork:
    """Nothing is loaded before a photo's turn has come while People is on. The worker seals what it finds and can't open it."""

    def __init__(self, store: Store, layout: Layout) -> None:
        self._store = store
        self._layout = layout
        self._installed = InstalledFaces(layout.models)
        self.version = ""

    def may_be_done(self) -> bool:
        """Is People on, and its model here? When that is new, every photo is asked about."""
        with self._store.read() as reader:
            version = self._installed.version() if consent.is_on(reader) else ""
        if version and version != self.version:
            with self._store.write() as writer:
                if consent.is_on(writer):
                    faces.ask_for_all(writer)
                    pipeline.rerun_outdated(writer, faces.STAGE, version)
        self.version = version
        return bool(version)

    def first_jobs(self, writer: Writer, asset_id: int, kind: str, priority: int) -> None:
        """Write the jobs of a new asset, that of its faces only while People is on."""
        pipeline.first_jobs(writer, asset_id, kind, priority)
        if consent.is_on(writer):
            faces.ask_for(writer, asset_id, kind)

    def finder(self) -> FaceFinder:
        """Raises ModelMissing, ModelWrong."""
        return self._installed.get()

    def post(self, asset_id: int, found: Faces) -> None:
        """Leave what was found in the vault's inbox; twice does no harm. Raises PeopleOff, VaultDamaged."""
        sealed = tuple(FoundFace(face.box, face.quality, face.print) for face in found.found)
        inbox.post(self._layout, Found(asset_id, MODEL, sealed))

    def close(self) -> None:
        self._installed.close()
