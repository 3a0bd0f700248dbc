#include "server/chat_rules.hpp"

#include "centrifuge/codes.hpp"
#include "protocol/chat_message.hpp"

#include <string>
#include <utility>

namespace coroom::server {
namespace {

using Form = protocol::ChatMessage::Form;
using Verdict = tl::expected<void, CentrifugeError>;

Verdict refused(const centrifuge::ErrorReply& why) {
  return tl::unexpected(CentrifugeError(why.code, std::string(why.message), why.temporary));
}

bool is_message_of(const Publication& publication, const Author& author) {
  return publication.author && publication.author->user == author.user &&
         publication.kind == Publication::Kind::json &&
         protocol::read_chat_message(publication.data).form == Form::message;
}

/// Whether the publication with this offset is a message of the author's.
task<Verdict> check_own(SharedAuthor author, Room room, std::uint64_t offset) {
  if (author->user.empty()) co_return refused(centrifuge::error::permission_denied);
  const auto history = co_await room.history(HistoryFilter(1, offset - 1));
  if (!history) co_return refused(centrifuge::error::internal);
  const auto& found = history->publications;
  const bool own = !found.empty() && found.front().offset == offset && is_message_of(found.front(), *author);
  co_return own ? Verdict() : refused(centrifuge::error::permission_denied);
}

}  // namespace

task<Verdict> check_chat_message(CentrifugePublication publication) {
  const auto message = protocol::read_chat_message(publication.data);
  if (message.form == Form::malformed) co_return refused(centrifuge::error::bad_request);
  if (message.form == Form::edit || message.form == Form::removal)
    co_return co_await check_own(std::move(publication.author), std::move(publication.room), message.offset);
  co_return Verdict();
}

}  // namespace coroom::server
