#include "core/answer.hpp"
#include "core/deletion_clock.hpp"
#include "moderation/directory.hpp"
#include "moderation/pacer.hpp"
#include "moderation/restrictions.hpp"

#include <coroom/log.hpp>
#include <coroom/moderation.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <utility>

namespace coroom {
namespace {

using Kind = Restriction::Kind;

constexpr std::array kind_names = {"user ban",  "network ban",      "mute",
                                   "slow mode", "token revocation", "user revocation"};
static_assert(kind_names.size() == static_cast<std::size_t>(Kind::last) + 1);

const char* name_of(Kind kind) {
  return kind_names.at(static_cast<std::size_t>(kind));
}

/// When the last of them was made; `now` if there is none.
Clock::TimePoint last_time(const std::vector<Restriction>& restrictions, Clock::TimePoint now) {
  const auto last = std::ranges::max_element(restrictions, {}, &Restriction::since);
  return last == restrictions.end() ? now : std::min(last->since, now);
}

}  // namespace

class Moderation::Impl {
 public:
  Impl(const Clock& clock, std::shared_ptr<ModerationStore> store)
      : Impl(clock, store, store ? store->take() : std::vector<Restriction>()) {}

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { settle(); }

  /// For Moderation::impose() and lift().
  ///@{
  static task<Result<>> imposed(std::shared_ptr<Impl> self, Restriction restriction);
  static task<Result<bool>> lifted(std::shared_ptr<Impl> self, Kind kind, std::string subject,
                                   std::string room);
  ///@}

  void impose(const Restriction& restriction, std::function<void(Result<>)> done);
  bool lift(Kind kind, const std::string& subject, const std::string& room,
            std::function<void(Result<>)> done);
  void settle();

  [[nodiscard]] std::vector<Restriction> restrictions(std::optional<Kind> kind) const {
    const std::shared_lock<std::shared_mutex> lock(mutex_);
    return restrictions_.all(kind, clock_.now());
  }

  [[nodiscard]] bool has_any(Kind kind) const { return counter(kind).load(std::memory_order_relaxed) != 0; }

  /// Asks the rulings, unless there is none of these kinds.
  template <class Question>
  [[nodiscard]] auto ask(std::initializer_list<Kind> kinds, Question question) const
      -> decltype(question(std::declval<const detail::moderation::Restrictions&>(), Clock::TimePoint())) {
    const auto exists = [this](Kind kind) { return has_any(kind); };
    if (std::ranges::none_of(kinds, exists)) return {};
    const std::shared_lock<std::shared_mutex> lock(mutex_);
    return question(restrictions_, clock_.now());
  }

  [[nodiscard]] Standing standing(const boost::asio::ip::address& address, const std::string& user,
                                  const std::optional<TokenTrace>& token) const;
  bool pace(const ClientInfo& who, std::string_view room, std::chrono::milliseconds interval);

  [[nodiscard]] Clock::TimePoint now() const { return clock_.now(); }

  const std::shared_ptr<detail::moderation::Directory> directory =
      std::make_shared<detail::moderation::Directory>();

 private:
  Impl(const Clock& clock, std::shared_ptr<ModerationStore> store, std::vector<Restriction> kept)
      : clock_(clock), deletion_clock_(clock, last_time(kept, clock.now())), store_(std::move(store)) {
    for (Restriction& restriction : kept) put(std::move(restriction));
  }

  using Count = std::atomic<std::size_t>;

  [[nodiscard]] const Count& counter(Kind kind) const { return counts_.at(static_cast<std::size_t>(kind)); }
  void put(Restriction restriction);
  void count();
  std::size_t enforce(const Restriction& restriction) const;
  ModerationStore::Done counted(std::function<void(Result<>)> done);

  const Clock& clock_;
  DeletionClock deletion_clock_;
  std::shared_ptr<ModerationStore> store_;  // none: nothing is kept
  std::mutex order_;                        // of changes, here and in the store
  mutable std::shared_mutex mutex_;         // of the rulings
  detail::moderation::Restrictions restrictions_;
  std::array<Count, kind_names.size()>
      counts_{};  // of the rulings: to know without a lock that there are none
  std::mutex pacer_mutex_;
  detail::moderation::Pacer pacer_;
  std::mutex pending_mutex_;
  std::condition_variable settled_;
  std::size_t pending_ = 0;  // calls of the store that have not ended
};

void Moderation::Impl::put(Restriction restriction) {
  const std::lock_guard<std::shared_mutex> lock(mutex_);
  restrictions_.put(std::move(restriction));
  restrictions_.forget_some(deletion_clock_.now());
  count();
}

void Moderation::Impl::count() {
  for (std::size_t kind = 0; kind != counts_.size(); ++kind)
    counts_.at(kind).store(restrictions_.count(static_cast<Kind>(kind)), std::memory_order_relaxed);
}

ModerationStore::Done Moderation::Impl::counted(std::function<void(Result<>)> done) {
  {
    const std::lock_guard<std::mutex> lock(pending_mutex_);
    ++pending_;
  }
  // Ends when it was told, and when it is lost, for want of memory.
  std::shared_ptr<void> call(nullptr, [this](void*) {
    const std::lock_guard<std::mutex> lock(pending_mutex_);
    --pending_;
    settled_.notify_all();
  });
  return [call = std::move(call), done = std::move(done)](Result<> kept) mutable {
    std::exchange(done, nullptr)(std::move(kept));
    call.reset();
  };
}

void Moderation::Impl::settle() {
  std::unique_lock<std::mutex> lock(pending_mutex_);
  settled_.wait(lock, [this] { return pending_ == 0; });
}

void Moderation::Impl::impose(const Restriction& restriction, std::function<void(Result<>)> done) {
  {
    const std::lock_guard<std::mutex> lock(order_);
    put(restriction);
    if (store_) {
      store_->keep(restriction, counted(std::move(done)));
    } else {
      done({});
    }
  }
  // Who comes in meanwhile is on the list before it looks at the rulings, and so misses it in neither.
  const std::size_t ended = enforce(restriction);
  logging::record("ruling imposed", {{"kind", name_of(restriction.kind)},
                                     {"subject", restriction.subject},
                                     {"room", restriction.room},
                                     {"connections", ended}});
}

bool Moderation::Impl::lift(Kind kind, const std::string& subject, const std::string& room,
                            std::function<void(Result<>)> done) {
  const std::lock_guard<std::mutex> lock(order_);
  {
    const std::lock_guard<std::shared_mutex> change(mutex_);
    restrictions_.forget_some(deletion_clock_.now());
    if (!restrictions_.remove(kind, subject, room)) return false;
    count();
  }
  logging::record("ruling lifted", {{"kind", name_of(kind)}, {"subject", subject}, {"room", room}});
  if (store_) {
    store_->forget(kind, subject, room, counted(std::move(done)));
  } else {
    done({});
  }
  return true;
}

/// Gives how many connections it has ended.
std::size_t Moderation::Impl::enforce(const Restriction& restriction) const {
  using detail::moderation::Listed;
  const auto end_by = [](Standing standing) {
    return [why = farewell(standing)](Moderated& connection) { connection.on_kick(why); };
  };
  const auto drop = [](Moderated& connection) { connection.on_revoked(); };
  const std::string& subject = restriction.subject;
  std::size_t ended = 0;
  if (restriction.kind == Kind::user_ban) {
    ended = directory->tell(Whom::user(subject), end_by(Standing::banned));
  } else if (restriction.kind == Kind::network_ban) {
    const auto network = Network::parse(subject);
    const auto inside = [&](const Listed& listed) { return network->contains(listed.address); };
    if (network) ended = directory->tell(inside, end_by(Standing::banned));
  } else if (restriction.kind == Kind::token_revocation) {
    const auto fits = [&](const Listed& listed) { return listed.token && listed.token->id == subject; };
    ended = directory->tell(fits, end_by(Standing::revoked));
  } else if (restriction.kind == Kind::user_revocation) {
    const auto fits = [&](const Listed& listed) {
      return listed.client_info->user == subject && listed.token &&
             detail::moderation::is_revoked_by(restriction, *listed.token);
    };
    ended = directory->tell(fits, end_by(Standing::revoked));
  }
  if (restriction.kind == Kind::token_revocation || restriction.kind == Kind::user_revocation)
    directory->tell([](const Listed& listed) { return listed.watches_tokens; }, drop);
  return ended;
}

Moderation::Standing Moderation::Impl::standing(const boost::asio::ip::address& address,
                                                const std::string& user,
                                                const std::optional<TokenTrace>& token) const {
  const auto question = [&](const detail::moderation::Restrictions& restrictions, Clock::TimePoint now) {
    if (restrictions.ban(user, now) || restrictions.ban(address, now)) return Standing::banned;
    return token && restrictions.revoke(user, *token, now) ? Standing::revoked : Standing::good;
  };
  return ask({Kind::user_ban, Kind::network_ban, Kind::token_revocation, Kind::user_revocation}, question);
}

bool Moderation::Impl::pace(const ClientInfo& who, std::string_view room,
                            std::chrono::milliseconds interval) {
  const std::lock_guard<std::mutex> lock(pacer_mutex_);
  return pacer_.admit(room, who, interval, clock_.now());
}

Moderation::Moderation(const Clock& clock, std::shared_ptr<ModerationStore> store)
    : impl_(std::make_shared<Impl>(clock, std::move(store))) {}

Moderation::~Moderation() = default;

task<Result<>> Moderation::Impl::imposed(std::shared_ptr<Impl> self, Restriction restriction) {
  auto right = detail::moderation::checked(std::move(restriction), self->now());
  if (!right) co_return tl::unexpected(right.error());
  Answer<Result<>> answer(co_await boost::asio::this_coro::executor);
  self->impose(*right, answer.teller());
  co_return co_await answer.wait();
}

task<Result<bool>> Moderation::Impl::lifted(std::shared_ptr<Impl> self, Kind kind, std::string subject,
                                            std::string room) {
  subject = detail::moderation::subject_of(kind, std::move(subject));
  Answer<Result<>> answer(co_await boost::asio::this_coro::executor);
  if (!self->lift(kind, subject, room, answer.teller())) co_return false;
  auto kept = co_await answer.wait();
  co_return kept ? Result<bool>(true) : tl::unexpected(kept.error());
}

task<Result<>> Moderation::impose(Restriction restriction) {
  return Impl::imposed(impl_, std::move(restriction));
}

task<Result<bool>> Moderation::lift(Kind kind, std::string subject, std::string room) {
  return Impl::lifted(impl_, kind, std::move(subject), std::move(room));
}

std::vector<Restriction> Moderation::restrictions(std::optional<Kind> kind) const {
  return impl_->restrictions(kind);
}

std::size_t Moderation::kick(const Whom& whom, const Disconnect& why) {
  const std::size_t found =
      impl_->directory->tell(whom, [why](Moderated& connection) { connection.on_kick(why); });
  logging::record("kicked", {{"connections", found}, {"code", why.code}});
  return found;
}

std::size_t Moderation::kick_from(const std::string& room, const Whom& whom) {
  const std::size_t found =
      impl_->directory->tell(whom, [room](Moderated& connection) { connection.on_kick_from(room); });
  logging::record("kicked", {{"connections", found}, {"room", room}});
  return found;
}

std::vector<SharedClientInfo> Moderation::connections(const Whom& whom) const {
  return impl_->directory->find(whom);
}

void Moderation::limit_connections_of_users(std::size_t most) {
  impl_->directory->limit(most);
}

void Moderation::settle() {
  impl_->settle();
}

Disconnect Moderation::farewell(Standing standing) {
  switch (standing) {
    case Standing::banned:
      return Disconnect(close_code::banned, "banned");
    case Standing::revoked:
      return Disconnect(close_code::revoked, "invalid token");
    case Standing::too_many:
      return Disconnect(close_code::too_many, "connection limit");
    case Standing::good:
      break;
  }
  return Disconnect(close_code::normal);
}

Moderation::Entry::Entry(std::shared_ptr<detail::moderation::Directory> directory,
                         std::shared_ptr<detail::moderation::Listed> listed)
    : directory_(std::move(directory)), listed_(std::move(listed)) {}

Moderation::Entry& Moderation::Entry::operator=(Entry&& other) noexcept {
  leave();
  directory_ = std::move(other.directory_);
  listed_ = std::move(other.listed_);
  return *this;
}

Moderation::Entry::~Entry() {
  leave();
}

void Moderation::Entry::leave() {
  if (listed_) directory_->remove(std::exchange(listed_, nullptr));
}

tl::expected<Moderation::Entry, Moderation::Standing> Moderation::enter(
    Moderated& connection, const boost::asio::any_io_executor& executor, SharedClientInfo client_info,
    std::optional<TokenTrace> token) {
  auto listed =
      std::make_shared<detail::moderation::Listed>(connection, executor, std::move(client_info), token);
  if (!impl_->directory->add(listed)) return tl::unexpected(Standing::too_many);
  Entry entry(impl_->directory, listed);
  const Standing standing = impl_->standing(listed->address, listed->client_info->user, token);
  if (standing != Standing::good) return tl::unexpected(standing);
  return entry;
}

Moderation::Standing Moderation::renew(Entry& entry, TokenTrace token) {
  impl_->directory->renew(*entry.listed_, token);
  return is_revoked(entry.listed_->client_info->user, token) ? Standing::revoked : Standing::good;
}

void Moderation::watch_tokens(Entry& entry) {
  impl_->directory->watch_tokens(*entry.listed_);
}

Moderation::Standing Moderation::standing(const ClientInfo& client_info,
                                          const std::optional<TokenTrace>& token) const {
  boost::system::error_code ec;
  const auto address = boost::asio::ip::make_address(client_info.address, ec);
  // One that can't be read may be in any network.
  if (ec && !client_info.address.empty() && impl_->has_any(Kind::network_ban)) return Standing::banned;
  return impl_->standing(address, client_info.user, token);
}

bool Moderation::is_banned(const boost::asio::ip::address& address) const {
  return impl_->ask({Kind::network_ban},
                    [&](const detail::moderation::Restrictions& restrictions, Clock::TimePoint now) {
                      return restrictions.ban(address, now);
                    });
}

bool Moderation::is_revoked(std::string_view user, const TokenTrace& token) const {
  return impl_->ask({Kind::token_revocation, Kind::user_revocation},
                    [&](const detail::moderation::Restrictions& restrictions, Clock::TimePoint now) {
                      return restrictions.revoke(user, token, now);
                    });
}

Moderation::Speech Moderation::may_speak(const ClientInfo& who, std::string_view room,
                                         std::chrono::milliseconds slow_mode) {
  struct Answered {
    bool muted = false;
    std::optional<std::chrono::milliseconds> interval = {};
  };
  const auto said =
      impl_->ask({Kind::mute, Kind::slow_mode},
                 [&](const detail::moderation::Restrictions& restrictions, Clock::TimePoint now) {
                   return Answered{!who.user.empty() && restrictions.mute(who.user, room, now),
                                   restrictions.interval_of(room, now)};
                 });
  if (said.muted) return Speech::muted;
  const auto interval = said.interval.value_or(slow_mode);
  if (interval.count() == 0 || impl_->pace(who, room, interval)) return Speech::allowed;
  return Speech::too_soon;
}

}  // namespace coroom
