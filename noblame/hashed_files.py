"""Static files as they are served: each is named after what is in it, so that a browser may keep it
for good.
"""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Scripts import each other by those names as well: a page never runs one script of the version
    before with another of this one.
    """

    support_js_module_import_aggregation = True
