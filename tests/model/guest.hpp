#pragma once

#include "model/connection.hpp"
#include "model/subscription.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::model {

inline constexpr std::array rooms{"short", "long", "fleeting"};

/// Someone with a client of the protocol, as an SDK is one: subscribes, publishes, loses its connection,
/// comes back and recovers. Looks at everything that it is told.
class Guest final : public Reader {
 public:
  /// The storage outlives it.
  Guest(std::string name, Storage& storage);

  [[nodiscard]] bool is_connected() const { return connection_ != nullptr; }
  [[nodiscard]] const std::shared_ptr<Connection>& connection() const { return connection_; }

  /// Connects, and subscribes again to where it was, all in one frame.
  void connect(Server& server, std::size_t shard, bool joins);

  /// Subscribes, or if it has, leaves.
  void toggle(const std::string& room, bool joins);

  /// Says something if it is in the room.
  void publish(const std::string& room);

  void ask_who_is_in(const std::string& room);
  void ask_for_history(const std::string& room);

  /// Its network is gone. Gives the connection, of which the server knows nothing yet.
  std::shared_ptr<Connection> cut();

  /// Throws Violation if it was told what must not be.
  void must_be_content() const;

  /// The same where nothing is on its way any more, and so nothing may be missing.
  void must_be_complete() const;

  [[nodiscard]] bool is_in(const std::string& room) const;

  /// Who it was last told is there, by ask_who_is_in().
  [[nodiscard]] const std::map<std::string, std::set<std::string>>& seen() const { return seen_; }

  void read(std::string_view line) override;
  void closed() override;

 private:
  using Object = boost::json::object;
  using OnReply = std::function<void(const Object& reply, int error)>;

  void take(const Object& message);
  std::string command(std::string_view method, Object request, OnReply on_reply);
  std::string subscribe(Subscription& subscription, const std::string& room, bool joins);
  void acknowledged(const std::string& room, std::uint64_t id, const std::string& data, int error);
  void forget_connection();

  std::string name_;
  Storage& storage_;
  std::shared_ptr<Connection> connection_;
  std::map<std::string, Subscription> subscriptions_;
  std::map<std::uint64_t, OnReply> waiting_;                // by the id of the command
  std::map<std::string, std::uint64_t> last_acknowledged_;  // publication, by room: the id of its command
  std::uint64_t last_id_ = 0;
  std::uint64_t said_ = 0;
  std::string fault_;                             // the first; the server would take an exception for its own
  std::map<std::string, std::size_t> last_kept_;  // by room: the offset of its own last, on this connection
  std::map<std::string, std::set<std::string>> seen_;
};

}  // namespace coroom::model
