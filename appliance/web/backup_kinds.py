"""The places where a copy may lie, in plain words for the form that adds one."""

from appliance.web.contexts_backup import Kind

KINDS = (
    Kind(
        name="local",
        title="A disk at home",
        words="A USB disk, or a network drive that is attached to this box. Quick, and the best first copy.",
        label="Folder on the disk",
        example="/media/disk/mantel",
        hint="An empty folder of its own. Mantel waits when the disk is not attached.",
        away=False,
        login="",
        rclone=False,
    ),
    Kind(
        name="sftp",
        title="A friend's computer or a server (SFTP)",
        words="Any machine that is reached with ssh. Everything is encrypted before it leaves this box.",
        label="Address",
        example="sftp:mantel@server.example:/backups/mantel",
        hint="The server must know this box's key; when it does not, Mantel shows the line to add there.",
        away=True,
        login="",
        rclone=False,
    ),
    Kind(
        name="rest",
        title="A rest-server",
        words="Software for exactly this; it can be set up so that nothing can be deleted from here.",
        label="Address",
        example="rest:https://server.example:8000/mantel",
        hint="With a user and password where the server asks for them.",
        away=True,
        login="User",
        rclone=False,
    ),
    Kind(
        name="s3",
        title="A provider's storage (S3)",
        words="Rented storage that speaks S3. The provider sees encrypted data only.",
        label="Address",
        example="s3:https://s3.example.com/bucket",
        hint="The bucket must exist.",
        away=True,
        login="Key id",
        rclone=False,
    ),
    Kind(
        name="rclone",
        title="Another provider, through rclone",
        words="Whatever rclone knows. Make the remote with rclone and paste its configuration.",
        label="Address",
        example="rclone:remote:mantel",
        hint="The remote's name as in the configuration, then a folder.",
        away=True,
        login="",
        rclone=True,
    ),
)


def kind_named(name: str) -> Kind | None:
    return next((kind for kind in KINDS if kind.name == name), None)
