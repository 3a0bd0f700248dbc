#pragma once

#include <coroom/client_info.hpp>
#include <coroom/clock.hpp>
#include <coroom/disconnect.hpp>
#include <coroom/error.hpp>
#include <coroom/moderation_store.hpp>
#include <coroom/restriction.hpp>
#include <coroom/task.hpp>
#include <coroom/token_verifier.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/uuid/uuid.hpp>
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

/// A connection as moderators reach it. The calls come on the connection's own thread; what they throw is
/// logged, and nothing more.
class ModeratedConnection {
 public:
  ModeratedConnection() = default;
  ModeratedConnection(const ModeratedConnection&) = delete;
  ModeratedConnection& operator=(const ModeratedConnection&) = delete;

  /// It has to end now.
  virtual void on_kick(const Disconnect& why) = 0;

  /// It is to be in this room no longer; nothing if it is not.
  virtual void on_kick_from(const std::string& room) = 0;

  /// Some tokens count no longer: what it was let into by one of them ends (Moderation::is_revoked).
  virtual void on_revoked() {}

 protected:
  ~ModeratedConnection() = default;
};

/// Which connections a moderator means.
class ConnectionFilter {
 public:
  /// All of a user's. Nobody is meant by an empty name.
  static ConnectionFilter user(std::string name) {
    ConnectionFilter filter;
    filter.user_ = std::move(name);
    return filter;
  }

  /// The one of this name (ClientInfo::client_id).
  static ConnectionFilter client(boost::uuids::uuid name) {
    ConnectionFilter filter;
    filter.client_ = name;
    return filter;
  }

  /// The same, without these.
  ConnectionFilter except(std::vector<boost::uuids::uuid> clients) && {
    except_ = std::move(clients);
    return std::move(*this);
  }

 private:
  friend class detail::moderation::ConnectionRegistry;

  std::string user_;
  std::optional<boost::uuids::uuid> client_;
  std::vector<boost::uuids::uuid> except_;
};

/// What moderators do: they kick connections, and impose rulings, which hold for all of an application
/// (Application::moderation()). The Centrifuge protocol's clients and the server's plain chat obey them; of a
/// program's own handlers, those of WebSockets and streams are closed to banned addresses, and those that
/// register_connection() can be reached.
///
/// Any thread may use it, and coroutines of any executor; what it returns to be awaited may outlive it. What
/// is asked for each publication takes no memory, and next to no time where
/// nobody is muted and no room slow.
class Moderation {
 public:
  /// Begins with what the store has kept; without one, rulings end with the process. The clock outlives it.
  explicit Moderation(const Clock& clock, std::shared_ptr<ModerationStore> store = nullptr);

  Moderation(const Moderation&) = delete;
  Moderation& operator=(const Moderation&) = delete;
  ~Moderation();

  /// Imposes a ruling, in place of one of the same kind, subject and room. It holds at once, and ends the
  /// connections that it is against; the call ends when it is kept. An error: it makes no sense, and nothing
  /// was done; or it could not be kept, and holds until the process ends.
  [[nodiscard]] task<Result<>> impose(Restriction restriction);

  /// Lifts one at once; false: there is none. An error: that could not be kept, and the ruling may be back
  /// when the program starts again.
  [[nodiscard]] task<Result<bool>> lift(Restriction::Kind kind, std::string subject, std::string room = {});

  /// Those that hold now, of one kind or of all.
  [[nodiscard]] std::vector<Restriction> restrictions(
      std::optional<Restriction::Kind> kind = std::nullopt) const;

  /// Ends connections; gives how many were found.
  std::size_t kick(const ConnectionFilter& filter,
                   const Disconnect& why = Disconnect(close_code::kicked, "kicked"));

  /// Ends their being in one room; gives how many connections were told, wherever they are.
  std::size_t kick_from(const std::string& room, const ConnectionFilter& filter);

  /// Who is connected.
  [[nodiscard]] std::vector<SharedClientInfo> connections(const ConnectionFilter& filter) const;

  /// Ends when all that was imposed and lifted before is kept, or could not be.
  void settle();

  /// How many connections of one user register_connection() lets in, those without a name not counted; 0: any
  /// number. Before the first; the application says what its settings do.
  void limit_connections_of_users(std::size_t most);

  // What handlers ask for.

  /// How somebody stands with the moderators.
  enum class Status {
    good,     ///< welcome
    banned,   ///< the user or the address
    revoked,  ///< the token
    too_many  ///< connections of one user
  };

  /// How a connection ends that does not stand well.
  static Disconnect disconnect_for(Status status);

  /// A connection's place on the list of those that moderators can reach. Belongs to the connection's thread,
  /// and goes before the connection does.
  class [[nodiscard]] Registration {
   public:
    /// Moderation::register_connection() makes them.
    Registration(std::shared_ptr<detail::moderation::ConnectionRegistry> registry,
                 std::shared_ptr<detail::moderation::RegisteredConnection> registered);

    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;

    /// The place goes with it.
    ///@{
    Registration(Registration&&) noexcept = default;
    Registration& operator=(Registration&& other) noexcept;
    ///@}
    ~Registration();

   private:
    friend class Moderation;
    void leave();

    std::shared_ptr<detail::moderation::ConnectionRegistry> registry_;
    std::shared_ptr<detail::moderation::RegisteredConnection> registered_;
  };

  /// Puts a connection on the list, or says why it may not be; on its own thread, whose executor it brings.
  /// `token` is the one that it came with, if it did.
  tl::expected<Registration, Status> register_connection(ModeratedConnection& connection,
                                                         const boost::asio::any_io_executor& executor,
                                                         SharedClientInfo client_info,
                                                         std::optional<TokenTrace> token);

  /// The connection has brought another token of the same user.
  Status renew(Registration& registration, TokenTrace token);

  /// From now on the connection is told when tokens of subscriptions may count no longer.
  void watch_tokens(Registration& registration);

  /// Before it connects.
  [[nodiscard]] Status status(const ClientInfo& client_info, const std::optional<TokenTrace>& token) const;

  /// Whether nobody may connect from there.
  [[nodiscard]] bool is_banned(const boost::asio::ip::address& address) const;
  /// Whether the token of this user is not taken any more.
  [[nodiscard]] bool is_revoked(std::string_view user, const TokenTrace& token) const;

  /// Whether somebody may say something now.
  enum class PublishDecision {
    allowed,  ///< and in slow mode, not again for some time
    muted,    ///< not in this room
    too_soon  ///< the room is slow
  };

  /// `slow_mode` is what the room's rules say of it, where no ruling does.
  PublishDecision may_publish(const ClientInfo& who, std::string_view room,
                              std::chrono::milliseconds slow_mode);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;  // what is awaited shares it
};

}  // namespace coroom
