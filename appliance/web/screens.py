"""Every page of the box and its parts, for app.py."""

from appliance.web.alike import photos_like
from appliance.web.ask import ask_page, home, stream_answer
from appliance.web.captions import (
    accept_all,
    captions_page,
    choose_captions,
    judge_caption,
    photo_caption,
    take_back,
)
from appliance.web.indexing import indexing_page, indexing_stages, pause_stage, resume_stage, retry_failed
from appliance.web.inspections import (
    continue_inspection,
    gather_in_album,
    inspection_csv,
    inspection_page,
    inspections_page,
    start_inspection,
    stop_inspection,
)
from appliance.web.look import look, open_picture, stream_look
from appliance.web.models import (
    confirm_model,
    install_again,
    install_model,
    models_list,
    models_page,
    remove_model,
    stop_model,
    verify_model,
)
from appliance.web.photo import describe, original, photo, preview, thumbnail
from appliance.web.photo_text import say_document
from appliance.web.settings_page import choose_appearance, end_session, settings_page
from appliance.web.timeline import timeline
from appliance.web.upload import receive_file, receive_form, tidy_list, upload_list, upload_page

SCREENS = [
    accept_all,
    ask_page,
    captions_page,
    choose_appearance,
    choose_captions,
    continue_inspection,
    confirm_model,
    describe,
    gather_in_album,
    end_session,
    home,
    indexing_page,
    indexing_stages,
    judge_caption,
    inspection_csv,
    inspection_page,
    inspections_page,
    look,
    open_picture,
    install_again,
    install_model,
    models_list,
    models_page,
    original,
    pause_stage,
    photo,
    photo_caption,
    photos_like,
    preview,
    receive_file,
    receive_form,
    remove_model,
    resume_stage,
    retry_failed,
    say_document,
    settings_page,
    stop_model,
    thumbnail,
    start_inspection,
    stop_inspection,
    stream_answer,
    take_back,
    stream_look,
    tidy_list,
    timeline,
    upload_list,
    upload_page,
    verify_model,
]
