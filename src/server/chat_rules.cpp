#include "server/chat_rules.hpp"

#include "protocol/chat_message.hpp"

#include <coroom/centrifuge_codes.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace coroom::server {
namespace {

using Form = detail::protocol::ChatMessage::Form;
using SharedRevision = std::shared_ptr<const Revision>;

CentrifugeVerdict refused(const CentrifugeError& why) {
  return tl::unexpected(why);
}

/// Returns the revision for an edit or a deletion of the user's own publication.
CentrifugeVerdict revise(const Publication& own, const detail::protocol::ChatMessage& change,
                         std::string_view data) {
  const Form form =
      own.kind == Publication::Kind::json ? detail::protocol::read_chat_message(own.data).form : Form::other;
  const bool removes = change.form == Form::removal;
  if (form == Form::removed && removes) return SharedRevision();  // a repeated deletion changes nothing
  if (form != Form::message) return refused(centrifuge_errors::permission_denied);
  return std::make_shared<const Revision>(change.offset,
                                          removes ? detail::protocol::removed_message(own.data)
                                                  : detail::protocol::edited_message(own.data, data),
                                          detail::protocol::superseded_edit(change.offset), removes);
}

/// Allows a change only to the user who published the message.
task<CentrifugeVerdict> check_change(CentrifugePublication publication,
                                     detail::protocol::ChatMessage change) {
  const SharedClientInfo client_info = publication.client_info;
  if (client_info->user.empty()) co_return refused(centrifuge_errors::permission_denied);
  const auto history = co_await publication.room.history(HistoryFilter(1, change.offset - 1));
  if (!history) co_return refused(centrifuge_errors::internal);
  const auto& found = history->publications;
  const bool own = !found.empty() && found.front().offset == change.offset && found.front().client_info &&
                   found.front().client_info->user == client_info->user;
  co_return own ? revise(found.front(), change, publication.data)
                : refused(centrifuge_errors::permission_denied);
}

}  // namespace

task<CentrifugeVerdict> check_chat_message(CentrifugePublication publication,
                                           std::shared_ptr<GuestPace> pace) {
  const auto message = publication.kind == Publication::Kind::json
                           ? detail::protocol::read_chat_message(publication.data)
                           : detail::protocol::ChatMessage{.form = Form::other};
  if (message.form == Form::malformed || message.form == Form::removed)
    co_return refused(centrifuge_errors::bad_request);
  const SharedClientInfo client_info = publication.client_info;
  const Room room = publication.room;
  const std::size_t bytes = publication.data.size();
  CentrifugeVerdict verdict;
  if (message.form == Form::edit || message.form == Form::removal)
    verdict = co_await check_change(std::move(publication), message);
  if (!verdict) co_return verdict;
  const GuestPace::RoomInfo target{room.name(), room.options().keeps_history()};
  const auto paced = pace->take(*client_info, target, bytes, std::chrono::steady_clock::now());
  co_return paced == GuestPace::Verdict::allowed ? verdict : refused(centrifuge_errors::too_many_requests);
}

}  // namespace coroom::server
