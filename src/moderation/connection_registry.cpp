#include "moderation/connection_registry.hpp"

#include "core/keyed_hash.hpp"
#include "core/thrown.hpp"

#include <boost/asio/post.hpp>
#include <boost/uuid/uuid.hpp>

#include <algorithm>
#include <ranges>
#include <utility>

namespace coroom::detail::moderation {
namespace {

boost::asio::ip::address address_in(const std::string& text) {
  boost::system::error_code ec;
  return boost::asio::ip::make_address(text, ec);
}

void post(const std::shared_ptr<RegisteredConnection>& to, const ConnectionRegistry::Call& call) {
  boost::asio::post(to->executor, [to, call] {
    detail::log_what_is_thrown("a connection threw in a moderation call", [&] {
      if (to->connection != nullptr) call(*to->connection);
    });
  });
}

}  // namespace

RegisteredConnection::RegisteredConnection(ModeratedConnection& of, boost::asio::any_io_executor on,
                                           SharedClientInfo who, std::optional<TokenTrace> by)
    : connection(&of),
      executor(std::move(on)),
      client_info(std::move(who)),
      address(address_in(client_info->address)),
      token(std::move(by)) {}

ConnectionRegistry::Partition& ConnectionRegistry::partition_of(const ClientInfo& client_info) {
  const std::size_t hash =
      client_info.user.empty() ? hash_value(client_info.client_id) : detail::keyed_hash(client_info.user);
  return partitions_.at(hash % partition_count);
}

bool ConnectionRegistry::add(const SharedConnection& registered) {
  const std::string_view user = registered->client_info->user;
  Partition& partition = partition_of(*registered->client_info);
  const std::lock_guard<std::mutex> lock(partition.mutex);
  const std::size_t limit = limit_;
  if (limit != 0 && !user.empty() && partition.index.get<1>().count(user) >= limit) return false;
  registered->number = ++added_;
  partition.index.insert(registered);
  return true;
}

void ConnectionRegistry::remove(const SharedConnection& registered) {
  registered->connection = nullptr;
  Partition& partition = partition_of(*registered->client_info);
  const std::lock_guard<std::mutex> lock(partition.mutex);
  const auto [first, last] = partition.index.equal_range(registered->client_info->client_id);
  const auto found = std::find(first, last, registered);
  if (found != last) partition.index.erase(found);
}

void ConnectionRegistry::renew(RegisteredConnection& registered, TokenTrace token) {
  const std::lock_guard<std::mutex> lock(partition_of(*registered.client_info).mutex);
  registered.token = std::move(token);
}

void ConnectionRegistry::watch_tokens(RegisteredConnection& registered) {
  const std::lock_guard<std::mutex> lock(partition_of(*registered.client_info).mutex);
  registered.watches_tokens = true;
}

void ConnectionRegistry::visit(const ConnectionFilter& filter,
                               const std::function<void(const SharedConnection&)>& visitor) {
  const auto visit_all = [&](const auto& range) {
    for (const SharedConnection& registered : std::ranges::subrange(range.first, range.second)) {
      if (std::ranges::find(filter.except_, registered->client_info->client_id) == filter.except_.end())
        visitor(registered);
    }
  };
  for (Partition& partition : partitions_) {
    const std::lock_guard<std::mutex> lock(partition.mutex);
    if (filter.client_) {
      visit_all(partition.index.equal_range(*filter.client_));
    } else if (!filter.user_.empty()) {
      visit_all(partition.index.get<1>().equal_range(std::string_view(filter.user_)));
    }
  }
}

std::size_t ConnectionRegistry::post_to(const ConnectionFilter& filter, const Call& call) {
  std::size_t count = 0;
  visit(filter, [&](const SharedConnection& registered) {
    ++count;
    post(registered, call);
  });
  return count;
}

std::size_t ConnectionRegistry::post_to(const Predicate& fits, const Call& call) {
  std::size_t count = 0;
  for (Partition& partition : partitions_) {
    const std::lock_guard<std::mutex> lock(partition.mutex);
    for (const SharedConnection& registered : partition.index) {
      if (!fits(*registered)) continue;
      ++count;
      post(registered, call);
    }
  }
  return count;
}

std::size_t ConnectionRegistry::post_to_earlier(const RegisteredConnection& than, const Call& call) {
  const std::string_view user = than.client_info->user;
  if (user.empty()) return 0;
  std::size_t count = 0;
  Partition& partition = partition_of(*than.client_info);
  const std::lock_guard<std::mutex> lock(partition.mutex);
  const auto [first, last] = partition.index.get<1>().equal_range(user);
  for (const SharedConnection& registered : std::ranges::subrange(first, last)) {
    if (registered->number >= than.number) continue;
    ++count;
    post(registered, call);
  }
  return count;
}

std::vector<SharedClientInfo> ConnectionRegistry::find(const ConnectionFilter& filter) {
  std::vector<SharedClientInfo> found;
  visit(filter, [&found](const SharedConnection& registered) { found.push_back(registered->client_info); });
  return found;
}

}  // namespace coroom::detail::moderation
