#include "moderation/directory.hpp"

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

void post(const std::shared_ptr<Listed>& to, const Directory::Word& word) {
  boost::asio::post(to->executor, [to, word] {
    log_what_is_thrown("a connection threw in a moderation call", [&] {
      if (to->connection != nullptr) word(*to->connection);
    });
  });
}

}  // namespace

Listed::Listed(Moderated& of, boost::asio::any_io_executor on, SharedClientInfo who,
               std::optional<TokenTrace> by)
    : connection(&of),
      executor(std::move(on)),
      client_info(std::move(who)),
      address(address_in(client_info->address)),
      token(std::move(by)) {}

Directory::Part& Directory::part_of(const ClientInfo& client_info) {
  const std::size_t hash =
      client_info.user.empty() ? hash_value(client_info.client_id) : keyed_hash(client_info.user);
  return parts_.at(hash % part_count);
}

bool Directory::add(const Shared& listed) {
  const std::string_view user = listed->client_info->user;
  Part& part = part_of(*listed->client_info);
  const std::lock_guard<std::mutex> lock(part.mutex);
  const std::size_t limit = limit_;
  if (limit != 0 && !user.empty() && part.index.get<1>().count(user) >= limit) return false;
  part.index.insert(listed);
  return true;
}

void Directory::remove(const Shared& listed) {
  listed->connection = nullptr;
  Part& part = part_of(*listed->client_info);
  const std::lock_guard<std::mutex> lock(part.mutex);
  const auto [first, last] = part.index.equal_range(listed->client_info->client_id);
  const auto found = std::find(first, last, listed);
  if (found != last) part.index.erase(found);
}

void Directory::renew(Listed& listed, TokenTrace token) {
  const std::lock_guard<std::mutex> lock(part_of(*listed.client_info).mutex);
  listed.token = std::move(token);
}

void Directory::watch_tokens(Listed& listed) {
  const std::lock_guard<std::mutex> lock(part_of(*listed.client_info).mutex);
  listed.watches_tokens = true;
}

void Directory::visit(const Whom& whom, const std::function<void(const Shared&)>& visitor) {
  const auto visit_all = [&](const auto& range) {
    for (const Shared& listed : std::ranges::subrange(range.first, range.second)) {
      if (std::ranges::find(whom.except_, listed->client_info->client_id) == whom.except_.end())
        visitor(listed);
    }
  };
  for (Part& part : parts_) {
    const std::lock_guard<std::mutex> lock(part.mutex);
    if (whom.client_) {
      visit_all(part.index.equal_range(*whom.client_));
    } else if (!whom.user_.empty()) {
      visit_all(part.index.get<1>().equal_range(std::string_view(whom.user_)));
    }
  }
}

std::size_t Directory::tell(const Whom& whom, const Word& word) {
  std::size_t told = 0;
  visit(whom, [&](const Shared& listed) {
    ++told;
    post(listed, word);
  });
  return told;
}

std::size_t Directory::tell(const Fits& fits, const Word& word) {
  std::size_t told = 0;
  for (Part& part : parts_) {
    const std::lock_guard<std::mutex> lock(part.mutex);
    for (const Shared& listed : part.index) {
      if (!fits(*listed)) continue;
      ++told;
      post(listed, word);
    }
  }
  return told;
}

std::vector<SharedClientInfo> Directory::find(const Whom& whom) {
  std::vector<SharedClientInfo> found;
  visit(whom, [&found](const Shared& listed) { found.push_back(listed->client_info); });
  return found;
}

}  // namespace coroom::detail::moderation
