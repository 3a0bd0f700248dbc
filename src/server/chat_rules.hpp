#pragma once

#include "server/guest_pace.hpp"

#include <coroom/centrifuge.hpp>
#include <coroom/task.hpp>

#include <memory>

namespace coroom::server {

/// Returns whether a client may publish this. Checks messages of the chat page first
/// (protocol/chat_message.hpp). An edit or a deletion revises the history. Only the user who published the
/// message may change it, and only while the history still has it; else error 103. A malformed message of the
/// page is error 107. A change while the history is unreadable is error 100. A guest above its rate gets
/// error 111, which is temporary.
task<CentrifugeVerdict> check_chat_message(CentrifugePublication publication,
                                           std::shared_ptr<GuestPace> pace);

}  // namespace coroom::server
