#include "room/publish.hpp"

#include "core/insist.hpp"
#include "core/one_shot.hpp"
#include "limits/publish_pace.hpp"
#include "room/room_actor.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <utility>

namespace coroom::detail::room {
namespace {

using QuotaPtr = std::shared_ptr<limits::AddressQuota>;
using Wait = limits::PublishPace::Duration;

/// Charges a publication, and returns how long the publisher must wait.
Result<Wait> charge(RoomActor& room, const QuotaPtr& quota, const Publication& publication,
                    Wait patience = std::chrono::seconds(1)) {
  if (!quota) return Wait(0);
  return limits::charge(room.name(), room.publish_pace(), *quota, publication,
                        std::chrono::steady_clock::now(), patience);
}

Error stopped_error() {
  return Error{"the room has ended", Errc::stopped};
}

/// Waits as long as the room's pace demands, and while its channel is full.
task<Result<>> publish_late(RoomHold room, Wait wait, RoomEvent event, SendEvent send) {
  if (wait.count() > 0) {
    auto& publish = std::get<event::Publish>(event);
    const limits::AddressQuota::Waiting waiting(*publish.quota);
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, wait);
    const auto [ec] = co_await timer.async_wait(as_result);
    if (ec) {
      const Error ended{"the publisher has ended", Errc::closed};
      if (publish.done) std::exchange(publish.done, nullptr)(tl::unexpected(ended));
      co_return tl::unexpected(ended);
    }
  }
  bool sent = false;
  if (send) {
    sent = co_await send(std::move(room), std::move(event));
  } else {
    sent = co_await room->send(std::move(event));
  }
  if (!sent) co_return tl::unexpected(stopped_error());
  co_return Result<>();
}

task<> publish_in_time(RoomHold room, Wait wait, RoomEvent event, SendEvent send) {
  co_await publish_late(std::move(room), wait, std::move(event), std::move(send));
}

task<Result<Position>> publish_and_wait(RoomHold room, QuotaPtr quota, Publication publication,
                                        SendEvent send) {
  detail::OneShot<Result<Position>> outcome(co_await boost::asio::this_coro::executor);
  auto done = [complete = outcome.completion()](const Result<Position>& result) {
    detail::insist("an answer", [&] { complete(detail::copy_of(result)); });
  };
  auto waiting =
      publish(std::move(room), std::move(quota), std::move(publication), std::move(done), std::move(send));
  if (waiting.valid()) co_await std::move(waiting);
  co_return co_await outcome.wait();
}

}  // namespace

task<> publish(RoomHold room, QuotaPtr quota, Publication publication, event::Publish::Done done,
               SendEvent send) {
  const auto wait = charge(*room, quota, publication);
  if (!wait) {
    if (done) done(tl::unexpected(wait.error()));
    return {};
  }
  RoomEvent event = event::Publish(std::move(publication), room, std::move(done), std::move(quota));
  if (wait->count() == 0 && room->try_send(event)) return {};
  return publish_in_time(std::move(room), *wait, std::move(event), std::move(send));
}

task<Result<Position>> publish(RoomHold room, QuotaPtr quota, Publication publication, SendEvent send) {
  if (room->options().keeps_history()) {
    co_return co_await publish_and_wait(std::move(room), std::move(quota), std::move(publication),
                                        std::move(send));
  }
  const auto wait = charge(*room, quota, publication);
  if (!wait) co_return tl::unexpected(wait.error());
  RoomEvent event = event::Publish(std::move(publication), room, nullptr, std::move(quota));
  if (wait->count() > 0 || !room->try_send(event)) {
    const auto sent = co_await publish_late(std::move(room), *wait, std::move(event), std::move(send));
    if (!sent) co_return tl::unexpected(sent.error());
  }
  co_return Position();
}

Result<> post(const RoomHold& room, QuotaPtr quota, Publication publication) {
  if (room->is_closed()) return tl::unexpected(stopped_error());
  if (auto charged = charge(*room, quota, publication, Wait(0)); !charged)
    return tl::unexpected(std::move(charged).error());
  RoomEvent event = event::Publish(std::move(publication), room, nullptr, std::move(quota));
  if (!room->try_send(event)) return failure(Errc::too_fast, "the queue of the room is full");
  return {};
}

}  // namespace coroom::detail::room
