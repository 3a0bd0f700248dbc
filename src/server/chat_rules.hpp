#pragma once

#include "server/guest_pace.hpp"

#include <coroom/centrifuge.hpp>
#include <coroom/task.hpp>

#include <memory>

namespace coroom::server {

/// Whether a client may publish this. First, as far as it is for the chat page (protocol/chat_message.hpp):
/// an edit and a deletion are for the user who has said it, of a message that the history still has; else
/// error 103. They revise the history. What nearly is for the page, but is malformed, is error 107; an edit
/// while the history can't be read, 100. Then the pace of guests: beyond it, error 111, which is temporary.
task<CentrifugeVerdict> check_chat_message(CentrifugePublication publication,
                                           std::shared_ptr<GuestPace> pace);

}  // namespace coroom::server
