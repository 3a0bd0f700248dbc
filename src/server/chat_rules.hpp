#pragma once

#include <coroom/centrifuge.hpp>
#include <coroom/task.hpp>

#include <tl/expected.hpp>

namespace coroom::server {

/// Whether a client may publish this, as far as it is for the chat page (protocol/chat_message.hpp): an edit
/// and a deletion are for the user who has said it, of a message that the history still has; else error 103.
/// What nearly is for the page, but is malformed, is error 107; an edit while the history can't be read, 100.
/// All else may be published, and is decided without waiting.
task<tl::expected<void, CentrifugeError>> check_chat_message(CentrifugePublication publication);

}  // namespace coroom::server
