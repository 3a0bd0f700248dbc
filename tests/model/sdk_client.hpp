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

/// A client of the protocol that behaves like an SDK: it subscribes, publishes, loses its connection,
/// reconnects and recovers. It checks everything that it receives.
class SdkClient final : public LineSink {
 public:
  /// Whether the server subscribes the client to the first room when it connects (server_side_token).
  enum class Subscribes : std::uint8_t { itself, by_the_server };

  /// The storage must outlive the client.
  SdkClient(std::string name, Subscribes subscribes, Storage& storage);

  [[nodiscard]] bool is_connected() const { return connection_ != nullptr; }
  [[nodiscard]] const std::shared_ptr<SimulatedConnection>& connection() const { return connection_; }

  /// Connects, in JSON or in Protobuf, and renews its subscriptions in one frame.
  void connect(SimulatedServer& server, std::size_t shard, bool joins);

  /// Subscribes, or unsubscribes if it is subscribed.
  void toggle(const std::string& room, bool joins);

  /// Publishes to the room if it is subscribed.
  void publish(const std::string& room);

  void request_presence(const std::string& room);
  void request_history(const std::string& room);

  /// Cuts its connection without the knowledge of the server. Returns the connection.
  std::shared_ptr<SimulatedConnection> cut();

  /// Throws InvariantViolation if it has received something that must not be sent.
  void check_received() const;

  /// Checks the same, and that nothing is missing. Nothing may be in transit.
  void check_complete() const;

  [[nodiscard]] bool is_subscribed(const std::string& room) const;

  /// Returns the members of each room by the last request_presence().
  [[nodiscard]] const std::map<std::string, std::set<std::string>>& presence() const { return presence_; }

  void receive(std::string_view line) override;
  void closed() override;

 private:
  using Object = boost::json::object;
  using OnReply = std::function<void(const Object& reply, int error)>;

  void take(const Object& message);
  void send_connect(bool joins);
  void forget_commands();
  static void add_position(const SubscriptionModel& subscription, Object& request);
  std::string command(std::string_view method, Object request, OnReply on_reply);
  std::string subscribe(SubscriptionModel& subscription, const std::string& room, bool joins);
  void acknowledged(const std::string& room, std::uint64_t id, const std::string& data, int error);
  void forget_connection();

  std::string name_;
  Subscribes subscribes_;
  Storage& storage_;
  std::shared_ptr<SimulatedConnection> connection_;
  std::map<std::string, SubscriptionModel> subscriptions_;
  std::map<std::uint64_t, OnReply> waiting_;                // by the id of the command
  std::map<std::string, std::uint64_t> last_acknowledged_;  // by room: the id of the last command
  std::uint64_t last_id_ = 0;
  std::uint64_t forgotten_ = 0;  // the last command whose reply does not matter any more
  std::uint64_t published_ = 0;
  std::string fault_;                             // the first one; an exception would end the server
  std::map<std::string, std::size_t> last_kept_;  // by room: the last own offset on this connection
  std::map<std::string, std::set<std::string>> presence_;
};

}  // namespace coroom::model
