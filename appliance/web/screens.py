"""Every page of the box and its parts, for app.py."""

from appliance.web.ask import ask_page, home, stream_answer
from appliance.web.indexing import indexing_page, indexing_stages, pause_stage, resume_stage, retry_failed
from appliance.web.photo import describe, original, photo, preview, thumbnail
from appliance.web.settings_page import choose_appearance, end_session, settings_page
from appliance.web.timeline import timeline
from appliance.web.upload import receive_file, receive_form, tidy_list, upload_list, upload_page

SCREENS = [
    ask_page,
    choose_appearance,
    describe,
    end_session,
    home,
    indexing_page,
    indexing_stages,
    original,
    pause_stage,
    photo,
    preview,
    receive_file,
    receive_form,
    resume_stage,
    retry_failed,
    settings_page,
    thumbnail,
    stream_answer,
    tidy_list,
    timeline,
    upload_list,
    upload_page,
]
