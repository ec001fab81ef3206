"""What a person can cause and mend: one clear sentence each, that names the remedy."""


class ApiError(Exception):
    """Something cannot be done as asked."""


class SettingsError(ApiError):
    """A setting in the environment cannot be understood."""


class FileError(ApiError):
    """A file cannot be read or written."""


class PortError(ApiError):
    """A port cannot be listened on."""


class NotReadyError(ApiError):
    """Nothing can be decided yet: the store has no active model or no playbook in force."""


class ArrivalError(ApiError):
    """A door did not take a sample lead."""
