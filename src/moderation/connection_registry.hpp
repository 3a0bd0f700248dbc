#pragma once

#include "core/keyed_hash.hpp"

#include <coroom/client_info.hpp>
#include <coroom/moderation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/multi_index/global_fun.hpp>
#include <boost/multi_index/hashed_index.hpp>
#include <boost/multi_index_container.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace coroom::detail::moderation {

/// A registered connection.
struct RegisteredConnection {
  RegisteredConnection(ModeratedConnection& of, boost::asio::any_io_executor on, SharedClientInfo who,
                       std::optional<TokenTrace> by);

  ModeratedConnection* connection;  // used on its own thread; nullptr: it has ended
  const boost::asio::any_io_executor executor;
  const SharedClientInfo client_info;
  const boost::asio::ip::address address;  // of the client info
  std::optional<TokenTrace> token;         // guarded by the mutex of its partition
  bool watches_tokens = false;             // the same
  std::uint64_t number = 0;                // in the order of add(); set once, by it
};

/// The connections that moderators can reach. Any thread may use it. Each partition has its own lock, so a
/// search of all connections does not block new ones.
///
/// Calls are posted to a connection's thread under the lock that remove() needs. So the thread exists for as
/// long as calls may be posted to it.
class ConnectionRegistry {
 public:
  using Predicate = std::function<bool(const RegisteredConnection&)>;
  using Call = std::function<void(ModeratedConnection&)>;

  /// Limits the connections of one user; 0: no limit. Must be called before the first add().
  void limit(std::size_t of_user) { limit_ = of_user; }

  /// Returns false if the user has too many connections.
  [[nodiscard]] bool add(const std::shared_ptr<RegisteredConnection>& registered);
  void remove(const std::shared_ptr<RegisteredConnection>& registered);

  void renew(RegisteredConnection& registered, TokenTrace token);
  void watch_tokens(RegisteredConnection& registered);

  /// These post a call to each matching connection, on its own thread. They return the number of matching
  /// connections.
  ///@{
  std::size_t post_to(const ConnectionFilter& filter, const Call& call);
  std::size_t post_to(const Predicate& fits, const Call& call);

  /// To those of the same user that were added earlier; to none if the connection has no user.
  std::size_t post_to_earlier(const RegisteredConnection& than, const Call& call);
  ///@}

  [[nodiscard]] std::vector<SharedClientInfo> find(const ConnectionFilter& filter);

 private:
  static constexpr std::size_t partition_count = 16;

  using SharedConnection = std::shared_ptr<RegisteredConnection>;
  static boost::uuids::uuid client_of(const SharedConnection& registered) {
    return registered->client_info->client_id;
  }
  static std::string_view user_of(const SharedConnection& registered) {
    return registered->client_info->user;
  }

  struct Partition {
    using Index = boost::multi_index_container<
        SharedConnection,
        boost::multi_index::indexed_by<
            boost::multi_index::hashed_non_unique<
                boost::multi_index::global_fun<const SharedConnection&, boost::uuids::uuid, &client_of>>,
            boost::multi_index::hashed_non_unique<
                boost::multi_index::global_fun<const SharedConnection&, std::string_view, &user_of>,
                KeyedHash>>>;

    std::mutex mutex;
    Index index;
  };

  /// Returns the partition of a connection. All connections of a user are in one, so that add() can count
  /// them.
  Partition& partition_of(const ClientInfo& client_info);

  /// Calls `visitor` for each matching connection, under the lock of its partition.
  void visit(const ConnectionFilter& filter, const std::function<void(const SharedConnection&)>& visitor);

  std::array<Partition, partition_count> partitions_;
  std::atomic<std::size_t> limit_ = 0;
  std::atomic<std::uint64_t> added_ = 0;  // connections
};

}  // namespace coroom::detail::moderation
