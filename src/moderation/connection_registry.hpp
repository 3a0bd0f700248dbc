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
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace coroom::detail::moderation {

/// A connection on the list.
struct RegisteredConnection {
  RegisteredConnection(ModeratedConnection& of, boost::asio::any_io_executor on, SharedClientInfo who,
                       std::optional<TokenTrace> by);

  ModeratedConnection* connection;  // belongs to its thread; nullptr: it has gone
  const boost::asio::any_io_executor executor;
  const SharedClientInfo client_info;
  const boost::asio::ip::address address;  // the author's
  std::optional<TokenTrace> token;         // under the lock of its part
  bool watches_tokens = false;             // the same
};

/// The connections that moderators can reach. Any thread may use it. It is in parts, each with a lock that is
/// held for a look at it, so that a look at all of it keeps no newcomer waiting.
///
/// A word to a connection is posted under the lock that its end has to take, so a thread is there as long as
/// somebody may post to it.
class ConnectionRegistry {
 public:
  using Predicate = std::function<bool(const RegisteredConnection&)>;
  using Call = std::function<void(ModeratedConnection&)>;

  /// Connections of one user; 0: any number. Before the first.
  void limit(std::size_t of_user) { limit_ = of_user; }

  /// False: its user has as many as it may.
  [[nodiscard]] bool add(const std::shared_ptr<RegisteredConnection>& registered);
  void remove(const std::shared_ptr<RegisteredConnection>& registered);

  void renew(RegisteredConnection& registered, TokenTrace token);
  void watch_tokens(RegisteredConnection& registered);

  /// Has the word said to these, each on its thread; gives how many they are.
  ///@{
  std::size_t post_to(const ConnectionFilter& filter, const Call& call);
  std::size_t post_to(const Predicate& fits, const Call& call);
  ///@}

  [[nodiscard]] std::vector<SharedClientInfo> find(const ConnectionFilter& filter);

 private:
  static constexpr std::size_t partition_count = 16;

  using Shared = std::shared_ptr<RegisteredConnection>;
  static boost::uuids::uuid client_of(const Shared& registered) { return registered->client_info->client_id; }
  static std::string_view user_of(const Shared& registered) { return registered->client_info->user; }

  struct Partition {
    using Index = boost::multi_index_container<
        Shared,
        boost::multi_index::indexed_by<
            boost::multi_index::hashed_non_unique<
                boost::multi_index::global_fun<const Shared&, boost::uuids::uuid, &client_of>>,
            boost::multi_index::hashed_non_unique<
                boost::multi_index::global_fun<const Shared&, std::string_view, &user_of>, KeyedHash>>>;

    std::mutex mutex;
    Index index;
  };

  /// All connections of a user are in one part, so that they can be counted.
  Partition& partition_of(const ClientInfo& client_info);

  /// Under the lock of its part.
  void visit(const ConnectionFilter& filter, const std::function<void(const Shared&)>& visitor);

  std::array<Partition, partition_count> partitions_;
  std::atomic<std::size_t> limit_ = 0;
};

}  // namespace coroom::detail::moderation
