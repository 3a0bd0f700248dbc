#pragma once

#include "centrifuge/command.hpp"
#include "centrifuge/refusal.hpp"

#include <coroom/centrifuge.hpp>
#include <coroom/client_info.hpp>
#include <coroom/moderation.hpp>
#include <coroom/room_options.hpp>
#include <coroom/room_rules.hpp>

#include <tl/expected.hpp>

#include <cstddef>
#include <string_view>

namespace coroom::detail::centrifuge {

/// A client in one channel, as far as its permissions depend on it. A view: all outlives it.
struct ClientInChannel {
  const ClientInfo& client_info;
  std::string_view channel;
  bool is_subscribed = false;  // so the name of the channel is valid
};

/// Decides whether a client may run a command about a channel: by the rules of the room, the identity of the
/// client, the marks in the name and the restrictions of moderators. Does no I/O. The checks are in the order
/// of their errors.
class Permissions {
 public:
  using Verdict = tl::expected<void, ErrorReply>;

  /// Both outlive this object.
  Permissions(const CentrifugeSettings& settings, Moderation& moderation)
      : settings_(settings), moderation_(moderation) {}

  /// Returns the rules of a channel: the defaults for an invalid name.
  [[nodiscard]] RoomRules rules(const ClientInChannel& who) const;

  /// Checks whether a channel may exist: its name, and the program's check.
  [[nodiscard]] Verdict check_name(std::string_view channel) const;

  /// `has_token`: the client has a valid subscription token. Its issuer has already granted access.
  /// `subscriptions`: the number that the client has.
  [[nodiscard]] Verdict may_subscribe(const ClientInChannel& who, bool has_token,
                                      std::size_t subscriptions) const;

  /// Checks a publication by the rules alone, so that it may be called more than once.
  [[nodiscard]] Verdict may_publish(const ClientInChannel& who, std::string_view data) const;

  /// Checks a publication last, and charges it to slow mode: a publication that is refused for another reason
  /// must not count there. `is_available`: the room exists or may be opened.
  [[nodiscard]] Verdict may_publish_now(const ClientInChannel& who, bool is_available);

  [[nodiscard]] Verdict may_read_presence(const ClientInChannel& who) const;
  [[nodiscard]] Verdict may_read_history(const ClientInChannel& who) const;

  /// Checks whether the room has what the client may read.
  ///@{
  [[nodiscard]] static Verdict has_presence(const RoomOptions& options);
  [[nodiscard]] static Verdict has_history(const RoomOptions& options, const HistoryRequest& request);
  ///@}

 private:
  /// Checks a permission. The marks in the name close the channel to a client that is not subscribed and may
  /// not subscribe.
  [[nodiscard]] Verdict check(const Permission& permission, const ClientInChannel& who) const;

  const CentrifugeSettings& settings_;
  Moderation& moderation_;
};

}  // namespace coroom::detail::centrifuge
