"""Every page of the box and its parts, for app.py."""

from appliance.web.actions import action_page, do_action, undo_action
from appliance.web.albums import album_page, albums_page, delete_album, rename_album, restore_album
from appliance.web.alike import photos_like
from appliance.web.ask import ask_kept, ask_page, home, stream_answer
from appliance.web.captions import (
    accept_all,
    captions_page,
    choose_captions,
    judge_caption,
    photo_caption,
    take_back,
)
from appliance.web.confirming import show_confirm, submit_confirm
from appliance.web.conversations import (
    change_chip,
    conversations_page,
    delete_conversation,
    newest_turn,
    pin_chip,
    rename_conversation,
    restore_conversation,
    stream_turn,
    turn_page,
)
from appliance.web.fix_time import fix_time_page, fix_times
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
from appliance.web.map import map_outlines, map_page, map_photos, map_places
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
from appliance.web.selections import choose
from appliance.web.settings_page import choose_answers, choose_appearance, end_session, settings_page
from appliance.web.timeline import timeline
from appliance.web.upload import receive_file, receive_form, tidy_list, upload_list, upload_page

SCREENS = [
    accept_all,
    action_page,
    album_page,
    albums_page,
    ask_kept,
    ask_page,
    captions_page,
    change_chip,
    choose,
    choose_answers,
    choose_appearance,
    choose_captions,
    confirm_model,
    continue_inspection,
    conversations_page,
    delete_album,
    delete_conversation,
    describe,
    do_action,
    end_session,
    fix_time_page,
    fix_times,
    gather_in_album,
    home,
    indexing_page,
    indexing_stages,
    inspection_csv,
    inspection_page,
    inspections_page,
    install_again,
    install_model,
    judge_caption,
    look,
    map_outlines,
    map_page,
    map_photos,
    map_places,
    models_list,
    models_page,
    newest_turn,
    open_picture,
    original,
    pause_stage,
    photo,
    photo_caption,
    photos_like,
    pin_chip,
    preview,
    receive_file,
    receive_form,
    remove_model,
    rename_album,
    rename_conversation,
    restore_album,
    restore_conversation,
    resume_stage,
    retry_failed,
    say_document,
    settings_page,
    show_confirm,
    start_inspection,
    stop_inspection,
    stop_model,
    stream_answer,
    stream_look,
    stream_turn,
    submit_confirm,
    take_back,
    thumbnail,
    tidy_list,
    timeline,
    turn_page,
    undo_action,
    upload_list,
    upload_page,
    verify_model,
]
