#pragma once

#include <coroom/client_info.hpp>
#include <coroom/clock.hpp>
#include <coroom/connection_filter.hpp>
#include <coroom/disconnect.hpp>
#include <coroom/error.hpp>
#include <coroom/moderated_connection.hpp>
#include <coroom/moderation_store.hpp>
#include <coroom/restriction.hpp>
#include <coroom/server_subscription.hpp>
#include <coroom/task.hpp>
#include <coroom/token_verifier.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/address.hpp>
#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom {

namespace detail::moderation {
class ConnectionRegistry;
struct RegisteredConnection;
}  // namespace detail::moderation

/// The tools of moderators: kicks, and restrictions, which hold for a whole application
/// (Application::moderation()). Clients of the Centrifuge protocol and of the server's plain chat are subject
/// to all of them. Of a program's own handlers, those of WebSockets and streams are closed to banned
/// addresses, and those that call register_connection() can be kicked.
///
/// Any thread may use it, and coroutines of any executor. A task that it returns may outlive it.
class Moderation {
 public:
  /// Starts with the restrictions that the store has; without a store, restrictions end with the process. The
  /// clock outlives it.
  explicit Moderation(const Clock& clock, std::shared_ptr<ModerationStore> store = nullptr);

  Moderation(const Moderation&) = delete;
  Moderation& operator=(const Moderation&) = delete;
  ~Moderation();

  /// Imposes a restriction, in place of one of the same kind, subject and room. It holds at once, and closes
  /// the connections that it concerns. The task ends when the restriction is stored.
  /// Errors: Errc::invalid_argument, and nothing was done; the store's error: the restriction holds until the
  /// process ends.
  [[nodiscard]] task<Result<>> impose(Restriction restriction);

  /// Lifts a restriction at once, and returns whether there was one.
  /// Errors: the store's error: the restriction may be back when the program starts again.
  [[nodiscard]] task<Result<bool>> lift(Restriction::Kind kind, std::string subject, std::string room = {});

  /// Returns the restrictions that hold now, of one kind or of all.
  [[nodiscard]] std::vector<Restriction> restrictions(
      std::optional<Restriction::Kind> kind = std::nullopt) const;

  /// Closes connections, and returns their number.
  std::size_t kick(const ConnectionFilter& filter, const Disconnect& why = {close_code::kicked, "kicked"});

  /// Ends memberships of connections in one room, and returns the number of connections that the filter
  /// selects, members or not.
  std::size_t kick_from(const std::string& room, const ConnectionFilter& filter);

  /// Subscribes connections to one room, and returns the number of connections that the filter selects. The
  /// rules of the room do not apply. Connections of the Centrifuge protocol subscribe and notify their
  /// client; handlers of the program may ignore the call (ModeratedConnection::on_subscribe()).
  /// Errors: Errc::invalid_json, of the info or the data.
  Result<std::size_t> subscribe(const ConnectionFilter& filter, const std::string& room,
                                const ServerSubscription& subscription = {});

  /// Unsubscribes connections from one room, and returns the number of connections that the filter selects.
  std::size_t unsubscribe(const ConnectionFilter& filter, const std::string& room);

  /// Sends one JSON value to connections, outside of rooms, and returns the number of connections that the
  /// filter selects. Errors: Errc::invalid_json.
  Result<std::size_t> send(const ConnectionFilter& filter, std::string json);

  /// Returns the connections that the filter selects.
  [[nodiscard]] std::vector<SharedClientInfo> connections(const ConnectionFilter& filter) const;

  /// Blocks until all that was imposed and lifted before is stored, or has failed to be.
  void settle();

  /// Limits the connections of one user that register_connection() admits; 0: any number. Connections without
  /// a user are not counted. Called before the first registration; the application calls it with
  /// ResourceLimits::max_user_connections.
  void limit_connections_of_users(std::size_t limit);

  // For handlers.

  /// The status of a client.
  enum class Status {
    good,     ///< may connect
    banned,   ///< the user or the address is banned
    revoked,  ///< the token is revoked
    too_many  ///< the user has too many connections
  };

  /// Returns the code and reason by which a client of this status is disconnected.
  static Disconnect disconnect_for(Status status);

  /// The registration of a connection that moderators can reach. Used on the connection's thread; destroyed
  /// before the connection.
  class [[nodiscard]] Registration {
   public:
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;
    Registration(Registration&&) noexcept = default;
    Registration& operator=(Registration&& other) noexcept;
    ~Registration();

   private:
    friend class Moderation;

    Registration(std::shared_ptr<detail::moderation::ConnectionRegistry> registry,
                 std::shared_ptr<detail::moderation::RegisteredConnection> registered);
    void leave();

    std::shared_ptr<detail::moderation::ConnectionRegistry> registry_;
    std::shared_ptr<detail::moderation::RegisteredConnection> registered_;
  };

  /// Registers a connection, or returns the status that forbids it. Called on the connection's thread, with
  /// its executor. `token` identifies the connection's token, if it has one.
  tl::expected<Registration, Status> register_connection(ModeratedConnection& connection,
                                                         const boost::asio::any_io_executor& executor,
                                                         SharedClientInfo client_info,
                                                         std::optional<TokenTrace> token);

  /// Closes the connections of the same user that were registered earlier, and returns their number.
  std::size_t kick_earlier(const Registration& registration, const Disconnect& why);

  /// Replaces the token of a connection by another one of the same user, and returns its status.
  Status renew(Registration& registration, TokenTrace token);

  /// Subscribes the connection to revocations: ModeratedConnection::on_revoked() is called from now on.
  void watch_tokens(Registration& registration);

  /// Returns the status of a client that wants to connect.
  [[nodiscard]] Status status(const ClientInfo& client_info, const std::optional<TokenTrace>& token) const;

  /// Returns whether no client may connect from the address.
  [[nodiscard]] bool is_banned(const boost::asio::ip::address& address) const;

  /// Returns whether the user's token is revoked.
  [[nodiscard]] bool is_revoked(std::string_view user, const TokenTrace& token) const;

  /// The decision on a publication.
  enum class PublishDecision {
    allowed,  ///< charged to slow mode
    muted,    ///< the client is muted in the room
    too_soon  ///< slow mode requires a longer interval
  };

  /// Decides whether a client may publish to a room now. `slow_mode` is the interval of the room's rules,
  /// where no restriction sets another. Takes no memory unless the room is slow.
  PublishDecision may_publish(const ClientInfo& client_info, std::string_view room,
                              std::chrono::milliseconds slow_mode);

 private:
  class Impl;

  std::shared_ptr<Impl> impl_;  // shared with the tasks that were returned
};

}  // namespace coroom
