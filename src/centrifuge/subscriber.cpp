#include "centrifuge/subscriber.hpp"

#include "centrifuge/codes.hpp"
#include "centrifuge/push_encoder.hpp"

#include <algorithm>
#include <utility>

namespace coroom::detail::centrifuge {
namespace {

RoomRules with_overrides(RoomRules rules, const SubscriptionOverrides& overrides) {
  rules.force_push_join_leave = overrides.force_push_join_leave.value_or(rules.force_push_join_leave);
  rules.force_recovery = overrides.force_recovery.value_or(rules.force_recovery);
  rules.force_positioning = overrides.force_positioning.value_or(rules.force_positioning);
  return rules;
}

}  // namespace

task<tl::expected<OpenedSubscription, ErrorReply>> Subscriber::open(SubscriptionOrder order) {
  TagFilterPtr filter;
  if (order.request.filter) {
    auto made = TagFilter::make(*order.request.filter);
    if (!made) {
      client_.faults().note_violation(made.error());
      co_return refused({.code = error::bad_request.code, .message = std::move(made).error()});
    }
    filter = std::move(*made);
  }
  const Room room = client_.transport().room(order.request.channel);
  const RoomRules rules =
      with_overrides(permissions_.rules({*client_.client_info(), order.request.channel}), order.overrides);
  OpenedSubscription opened;
  auto joined = co_await join(room, order, rules, filter);
  if (!joined) co_return tl::unexpected(std::move(joined).error());
  opened.membership = std::move(*joined);
  if (client_.has_ended()) co_return opened;
  auto recovered = co_await recover(room, order, rules, opened.membership);
  if (!recovered) co_return tl::unexpected(std::move(recovered).error());
  opened.state = std::move(*recovered);
  if (filter && opened.state.recovered) keep_matching(*filter, *opened.membership.position(), opened.state);
  co_return opened;
}

task<tl::expected<Membership, ErrorReply>> Subscriber::join(Room room, const SubscriptionOrder& order,
                                                            const RoomRules& rules, TagFilterPtr filter) {
  const bool joins = room.options().join_leave && (order.request.join_leave || rules.force_push_join_leave);
  JoinOptions options{.client_info = order.client_info,
                      .encoder = push_encoder(client_.encoding(), joins, std::move(filter)),
                      .paused = true,
                      .visibility = {.presence = order.overrides.presence.value_or(true),
                                     .join_leave = order.overrides.join_leave.value_or(true)}};
  auto joined = co_await client_.transport().join(std::move(room), std::move(options));
  if (!joined) co_return tl::unexpected(too_many_rooms());
  co_return std::move(*joined);
}

task<tl::expected<Recovered, ErrorReply>> Subscriber::recover(const Room& room,
                                                              const SubscriptionOrder& order,
                                                              const RoomRules& rules,
                                                              const Membership& membership) {
  const SubscribeRequest& request = order.request;
  Recovered state = before_recovery(request, rules, room.options().keeps_history());
  if (state.positioned) {
    const auto top = membership.position();
    if (!top) co_return refused(error::internal);
    state.position = *top;
    if (request.recover && is_without_position(request.since)) {
      const Position before_newest{.offset = top->offset - std::min<std::uint64_t>(top->offset, 1)};
      auto read = co_await read_missed(room, before_newest, *top, order.bytes);
      if (!read) co_return refused(error::internal);
      recover_newest(std::move(*read), state);
    } else if (request.recover && may_recover(request.since, *top)) {
      History history{.top = *top};
      if (request.since.offset != top->offset) {
        auto read = co_await read_missed(room, request.since, *top, order.bytes);
        if (!read) co_return refused(error::internal);
        history = std::move(*read);
      }
      recover_from(std::move(history), request.since, state);
    }
  }
  if (must_fail(request, state)) co_return refused(error::unrecoverable_position);
  co_return state;
}

task<Result<History>> Subscriber::read_missed(Room room, Position since, Position top, std::size_t bytes) {
  HistoryFilter filter{.limit = recovery_limit,
                       .since = since.offset,
                       .bytes = std::min(bytes, client_.transport().reply_room())};
  auto history = co_await room.history(filter);
  const bool is_cut = history && !history->publications.empty() && filter.bytes < bytes &&
                      history->publications.back().offset < top.offset;
  if (!is_cut || client_.has_ended()) co_return history;
  // Publications of other rooms fill the queue meanwhile, and this reply needs all of its room.
  history = History();
  const bool may = co_await replies_.room_for(bytes);
  if (!may) co_return failure("the reply limit is exceeded");
  filter.bytes = bytes;
  co_return co_await room.history(filter);
}

}  // namespace coroom::detail::centrifuge
