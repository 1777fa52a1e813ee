"""One tree of errors. Each has a text for the person who meets it: what happened, what is safe, what to do.

Features raise these; the edges (`cli.py`, `web/problems.py`, `worker.py`) show them. The text is the class's
`text` filled in with the keyword arguments of the raise. docs/guide/errors.md lists every one; a test checks it.
"""


class MantelError(Exception):
    """Base of everything that Mantel refuses or fails at; `status` is the HTTP status for the web edge."""

    status = 400
    text = "Mantel could not do this. Nothing was changed."

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.text.format(**facts))


class NotFound(MantelError):
    status = 404
    text = "There is nothing here. It may have been removed, or it may not be yours to see."


class WrongUsage(MantelError):
    text = "{what} Nothing was changed."


class HomeExists(MantelError):
    text = "{home} already holds a Mantel library. It was left as it is; choose another folder with --home."


class HomeMissing(MantelError):
    text = "{home} holds no Mantel library yet. Run “mantel init” or “mantel serve” first."


class DatabaseTooNew(MantelError):
    text = (
        "This library was written by a newer Mantel (schema {found}, this one knows {known}). "
        "Nothing was changed; start the newer version, or restore a database copy from {copies}."
    )


class DatabaseDamaged(MantelError):
    status = 500
    text = "The database is damaged ({reason}). The originals are safe; stop Mantel and restore a database copy from {copies}."


class DatabaseGone(MantelError):
    status = 500
    text = (
        "There are originals in {originals}, but {database} is gone. The originals are safe, and nothing was changed; put the "
        "newest database copy from {copies} in its place, or move the originals elsewhere and add them again."
    )


class DatabaseBusy(MantelError):
    status = 503
    text = "Another Mantel process was writing for too long. Nothing was lost; try again in a moment."


class FileRefused(MantelError):
    """A file that Mantel will not take in; `reason` is a whole clause for people."""

    status = 422
    text = "{name} was not added: {reason}. The file itself was left untouched."


class SidecarFile(FileRefused):
    """Not a photo or video but a description of one; it is kept beside its original, or left where it is."""


class SidecarNotWritten(MantelError):
    """The XMP file beside an original could not be changed; `reason` is a whole clause for people."""

    status = 422
    text = (
        "The sidecar {name} was not written: {reason}. It is as it was, and so is the original; what you changed is kept in Mantel."
    )


class NoRoom(MantelError):
    status = 507
    text = "There is no room left in {folder}. Nothing was lost; make room on that disk, then add the rest again."


class DecoderFailed(MantelError):
    status = 422
    text = "The picture could not be decoded: {reason}. Its original is safe and unchanged."


class DecoderCrashed(DecoderFailed):
    text = "The decoder stopped while reading this file ({reason}). Its original is safe; it was read in a sandbox."


class ToolMissing(MantelError):
    status = 503
    text = "{tool} is not installed. Nothing was changed; “make run” installs it, or install Debian's package {package}."


class ToolFailed(MantelError):
    status = 500
    text = "{tool} failed: {reason}. Nothing was changed."


class BackupFailed(MantelError):
    """restic did not do what it was asked for; `reason` is a clause for people, `fault` a word for programs and rows."""

    status = 502
    fault = "failed"
    text = "The backup to {repository} failed: {reason}. Your originals are safe, and what was backed up before is still there."


class RepositoryAway(BackupFailed):
    fault = "away"
    text = "The repository {repository} cannot be reached: {reason}. Nothing was changed; attach its disk, or see that it answers."


class RepositoryLocked(BackupFailed):
    fault = "locked"
    text = "The repository {repository} is in use by another program: {reason}. Nothing was changed; Mantel tries again later."


class PassphraseWrong(BackupFailed):
    fault = "wrong passphrase"
    text = (
        "The passphrase does not open the repository {repository}. Nothing was changed; give the one from its emergency sheet, "
        "or use an empty folder for a new repository."
    )


class RepositoryFull(BackupFailed):
    fault = "no room"
    text = (
        "There is no room left in the repository {repository}. What was backed up before is still there; "
        "make room, or add a larger repository."
    )


class RepositoryAppendOnly(BackupFailed):
    fault = "append-only"
    text = (
        "The repository {repository} only takes new data and lets nothing be removed. That is a protection, and nothing is wrong."
    )


class RepositoryDamaged(BackupFailed):
    fault = "damaged"
    text = (
        "The repository {repository} is damaged: {reason}. Your originals are safe; back them up to another repository "
        "before you repair this one."
    )


class RepositoryForeign(BackupFailed):
    fault = "foreign"
    text = "The repository {repository} is not this box's: {reason}. Nothing was changed; give every box a repository of its own."


class BackupStopped(BackupFailed):
    fault = "stopped"
    text = "The backup to {repository} was stopped. What had arrived is kept, and the next one goes on from there."


class BackupBusy(MantelError):
    status = 409
    text = "A backup, check or drill is running already; one goes at a time. Nothing was changed; try again when it has ended."


class TellingFailed(MantelError):
    """A message about the backups did not go out; `reason` is a clause of ours, never the other side's words."""

    status = 502
    text = "The message could not be sent: {reason}. Nothing else was changed, and the backups go on as before."


class DatabaseCopyWrong(MantelError):
    status = 500
    text = "The copy of the database is not whole ({reason}). It was not backed up; the database itself was not touched."


class ModelMissing(MantelError):
    status = 503
    text = "{model} is not installed. Everything else works without it; {fix}."


class ModelWrong(MantelError):
    text = "{model} is not the file it should be ({reason}). It was not used; install it again."


class ModelRefused(MantelError):
    """Files that are not the model they should be, or that nobody may install; `reason` is a whole clause for people."""

    status = 422
    text = "{model} was not installed: {reason}. Nothing that was installed before has changed."


class FetchFailed(MantelError):
    status = 502
    text = "{model} could not be fetched from {host}: {reason}. What arrived is kept; start again to go on."


class VectorsLost(MantelError):
    status = 503
    text = "The index of embeddings could not be read ({reason}). Nothing is lost: Mantel builds it again from its database."


class VisionUnavailable(MantelError):
    status = 503
    text = "The vision process is not answering ({reason}). Photos and search work without it; captions wait."


class CaptionUnusable(MantelError):
    """The model answered, twice, with something that is no sentence; `reason` is a whole clause for people."""

    status = 422
    text = (
        "The vision model found no caption for this picture: {reason}. The photo is safe; describe it yourself, or try again later."
    )


class LoginRefused(MantelError):
    status = 401
    text = "That name and password do not match. Check both and try again."


class LoginNeeded(MantelError):
    status = 401
    text = "This page is for people who are logged in. Log in and try again."


class ConfirmationNeeded(MantelError):
    status = 403
    text = "Your password is asked for again before this, and it was typed too long ago. Nothing was changed."


class PasswordRefused(MantelError):
    status = 401
    text = "That is not your password. Nothing was changed; type it again."


class OwnerNeeded(MantelError):
    status = 403
    text = "Only the owner can do this. Nothing was changed."


class AlbumNotYours(MantelError):
    status = 403
    text = "Only the owner, and whoever made this album, can rename or delete it. Nothing was changed."


class AdultNeeded(MantelError):
    status = 403
    text = "Only the owner and members can do this. Nothing was changed."


class TooManyAttempts(MantelError):
    status = 429
    text = "Too many attempts. Nothing is locked for good; wait {wait} and try again."


class SetupClosed(MantelError):
    status = 404
    text = "This setup link is used up or too old. Restart Mantel to print a new one, or log in."


class InvitationClosed(MantelError):
    status = 404
    text = "This invitation is used up or too old. Ask the owner of this Mantel for a new one, or log in."


class PasswordTooWeak(MantelError):
    status = 422
    text = "The password needs at least {length} characters. Three unrelated words make a good one."


class PasswordsDiffer(MantelError):
    status = 422
    text = "The two passwords are not the same. Nothing was saved; type them again."


class NameTaken(MantelError):
    status = 409
    text = "There is already somebody called {name}. Choose another name."


class RequestForged(MantelError):
    status = 403
    text = "This request did not come from a Mantel page, so it was ignored. Reload the page and try again."


class UploadRefused(MantelError):
    status = 422
    text = "{name} was not received: {reason}. What arrived was thrown away; the file on your side is untouched."


class UploadTooLarge(UploadRefused):
    status = 413


class NotClean(MantelError):
    """A copy for guests that holds more than its pixels; `found` says what was found where, in words of ours."""

    status = 422
    text = "The copy is not clean: {found}. It was thrown away and nothing was shared; the original is unchanged."


class LinkPasswordWrong(MantelError):
    status = 401
    text = "That password does not open this link. Check it and try again."


class GuestSentEnough(MantelError):
    status = 422
    text = (
        "This link takes up to {files} files and {gigabytes} GB in all, and this would be more. What came too much was not kept; "
        "what was sent before is safe. Ask whoever gave you the link."
    )


class PeopleOff(MantelError):
    status = 404
    text = "People is off: no face is looked for, and nothing of any face is kept. The owner turns it on under Settings."


class PeopleLocked(MantelError):
    status = 403
    text = "People is locked. Nothing was lost; unlock it with its passphrase and try again."


class PeopleAway(PeopleLocked):
    status = 503
    text = "The people process does not answer, so People is locked. Nothing was lost; start Mantel, or try again in a moment."


class PeopleBusy(MantelError):
    status = 409
    text = "People is being turned on or off by somebody else. Nothing was changed; look again in a moment."


class WrongPassphrase(MantelError):
    status = 401
    text = "That is not the passphrase of People. Nothing was changed; type it again."


class PassphraseTooShort(MantelError):
    status = 422
    text = (
        "The passphrase needs at least {length} characters. Four unrelated words make a good one; nobody can tell it to you later."
    )


class VaultDamaged(MantelError):
    status = 500
    text = (
        "The vault of faces can't be used: {reason}. Your photos are safe and everything else works; "
        "turn People off to erase it, then on again to begin anew."
    )


class NotUnsealed(MantelError):
    """Another key, another place, changed or cut off: which of them, nobody can tell."""

    status = 500
    text = "Something sealed did not open. Nothing was changed."


class TwoInOnePhoto(MantelError):
    status = 409
    text = (
        "Nobody is twice in one photo: this would give two faces of the same photo to one person. Nothing was changed; "
        "split the wrong face off first, then try again."
    )


class DecisionBuiltOn(MantelError):
    """Of the journal of People; `later` is the sentence of the decision that came after."""

    status = 409
    text = "This cannot be taken back alone, since what it changed was changed again: {later}. Take that back first."


class WithdrawnByThemselves(MantelError):
    status = 403
    text = "This person took their own face back in their settings. Nothing was changed; only they can allow it again."
