#include "core/deletion_clock.hpp"
#include "core/json_text.hpp"
#include "core/one_shot.hpp"
#include "limits/slow_mode_pacer.hpp"
#include "moderation/connection_registry.hpp"
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

/// Returns the time of the latest restriction, but at most `now`; `now` if there is none.
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

  /// These implement Moderation::impose() and lift().
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

  /// Calls `question` with the restrictions. Returns a default value if none of these kinds exists.
  template <class Question>
  [[nodiscard]] auto ask(std::initializer_list<Kind> kinds, Question question) const
      -> decltype(question(std::declval<const detail::moderation::Restrictions&>(), Clock::TimePoint())) {
    const auto exists = [this](Kind kind) { return has_any(kind); };
    if (std::ranges::none_of(kinds, exists)) return {};
    const std::shared_lock<std::shared_mutex> lock(mutex_);
    return question(restrictions_, clock_.now());
  }

  [[nodiscard]] Status status(const boost::asio::ip::address& address, const std::string& user,
                              const std::optional<TokenTrace>& token) const;
  bool pace(const ClientInfo& who, std::string_view room, std::chrono::milliseconds interval);

  [[nodiscard]] Clock::TimePoint now() const { return clock_.now(); }

  const std::shared_ptr<detail::moderation::ConnectionRegistry> registry =
      std::make_shared<detail::moderation::ConnectionRegistry>();

 private:
  Impl(const Clock& clock, std::shared_ptr<ModerationStore> store, std::vector<Restriction> kept)
      : clock_(clock), deletion_clock_(clock, last_time(kept, clock.now())), store_(std::move(store)) {
    for (Restriction& restriction : kept) put(std::move(restriction));
  }

  using AtomicCount = std::atomic<std::size_t>;

  [[nodiscard]] const AtomicCount& counter(Kind kind) const {
    return counts_.at(static_cast<std::size_t>(kind));
  }
  void put(Restriction restriction);
  void count();
  std::size_t enforce(const Restriction& restriction) const;
  ModerationStore::Done counted(std::function<void(Result<>)> done);

  const Clock& clock_;
  detail::DeletionClock deletion_clock_;
  std::shared_ptr<ModerationStore> store_;  // nullptr: nothing is kept
  std::mutex order_;                        // orders changes, here and in the store
  mutable std::shared_mutex mutex_;         // guards restrictions_
  detail::moderation::Restrictions restrictions_;
  std::array<AtomicCount, kind_names.size()>
      counts_{};  // number of restrictions of each kind, read without a lock
  std::mutex pacer_mutex_;
  detail::limits::SlowModePacer pacer_;
  std::mutex pending_mutex_;
  std::condition_variable settled_;
  std::size_t pending_ = 0;  // unfinished calls of the store
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
  // Counts the call as finished once `done` was called, or once the store has dropped it for lack of memory.
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
  // A new connection is registered before its status is checked, so it is found here or sees the restriction.
  const std::size_t ended = enforce(restriction);
  logging::record("restriction imposed", {{"kind", name_of(restriction.kind)},
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
  logging::record("restriction lifted", {{"kind", name_of(kind)}, {"subject", subject}, {"room", room}});
  if (store_) {
    store_->forget(kind, subject, room, counted(std::move(done)));
  } else {
    done({});
  }
  return true;
}

/// Returns the number of connections that the restriction has ended.
std::size_t Moderation::Impl::enforce(const Restriction& restriction) const {
  using detail::moderation::RegisteredConnection;
  const auto end_by = [](Status status) {
    return [why = disconnect_for(status)](ModeratedConnection& connection) { connection.on_kick(why); };
  };
  const auto drop = [](ModeratedConnection& connection) { connection.on_revoked(); };
  const std::string& subject = restriction.subject;
  std::size_t ended = 0;
  if (restriction.kind == Kind::user_ban) {
    ended = registry->post_to(ConnectionFilter::user(subject), end_by(Status::banned));
  } else if (restriction.kind == Kind::network_ban) {
    const auto network = Network::parse(subject);
    const auto inside = [&](const RegisteredConnection& registered) {
      return network->contains(registered.address);
    };
    if (network) ended = registry->post_to(inside, end_by(Status::banned));
  } else if (restriction.kind == Kind::token_revocation) {
    const auto fits = [&](const RegisteredConnection& registered) {
      return registered.token && registered.token->id == subject;
    };
    ended = registry->post_to(fits, end_by(Status::revoked));
  } else if (restriction.kind == Kind::user_revocation) {
    const auto fits = [&](const RegisteredConnection& registered) {
      return registered.client_info->user == subject && registered.token &&
             detail::moderation::is_revoked_by(restriction, *registered.token);
    };
    ended = registry->post_to(fits, end_by(Status::revoked));
  }
  if (restriction.kind == Kind::token_revocation || restriction.kind == Kind::user_revocation)
    registry->post_to([](const RegisteredConnection& registered) { return registered.watches_tokens; }, drop);
  return ended;
}

Moderation::Status Moderation::Impl::status(const boost::asio::ip::address& address, const std::string& user,
                                            const std::optional<TokenTrace>& token) const {
  const auto question = [&](const detail::moderation::Restrictions& restrictions, Clock::TimePoint now) {
    if (restrictions.ban(user, now) || restrictions.ban(address, now)) return Status::banned;
    return token && restrictions.revoke(user, *token, now) ? Status::revoked : Status::good;
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
  detail::OneShot<Result<>> answer(co_await boost::asio::this_coro::executor);
  self->impose(*right, answer.completion());
  co_return co_await answer.wait();
}

task<Result<bool>> Moderation::Impl::lifted(std::shared_ptr<Impl> self, Kind kind, std::string subject,
                                            std::string room) {
  subject = detail::moderation::subject_of(kind, std::move(subject));
  detail::OneShot<Result<>> answer(co_await boost::asio::this_coro::executor);
  if (!self->lift(kind, subject, room, answer.completion())) co_return false;
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

std::size_t Moderation::kick(const ConnectionFilter& filter, const Disconnect& why) {
  const std::size_t found =
      impl_->registry->post_to(filter, [why](ModeratedConnection& connection) { connection.on_kick(why); });
  logging::record("kicked", {{"connections", found}, {"code", why.code}});
  return found;
}

std::size_t Moderation::kick_from(const std::string& room, const ConnectionFilter& filter) {
  const std::size_t found = impl_->registry->post_to(
      filter, [room](ModeratedConnection& connection) { connection.on_kick_from(room); });
  logging::record("kicked", {{"connections", found}, {"room", room}});
  return found;
}

Result<std::size_t> Moderation::subscribe(const ConnectionFilter& filter, const std::string& room,
                                          const ServerSubscription& subscription) {
  for (const std::string& json : {subscription.info, subscription.data})
    if (!json.empty() && !detail::is_json(json))
      return failure(Errc::invalid_json, "the info or the data is not one JSON value");
  return impl_->registry->post_to(filter, [room, subscription](ModeratedConnection& connection) {
    connection.on_subscribe(room, subscription);
  });
}

std::size_t Moderation::unsubscribe(const ConnectionFilter& filter, const std::string& room) {
  return impl_->registry->post_to(
      filter, [room](ModeratedConnection& connection) { connection.on_unsubscribe(room); });
}

Result<std::size_t> Moderation::send(const ConnectionFilter& filter, std::string json) {
  if (!detail::is_json(json)) return failure(Errc::invalid_json, "the message is not one JSON value");
  return impl_->registry->post_to(
      filter, [json = std::move(json)](ModeratedConnection& connection) { connection.on_send(json); });
}

std::vector<SharedClientInfo> Moderation::connections(const ConnectionFilter& filter) const {
  return impl_->registry->find(filter);
}

void Moderation::limit_connections_of_users(std::size_t most) {
  impl_->registry->limit(most);
}

void Moderation::settle() {
  impl_->settle();
}

Disconnect Moderation::disconnect_for(Status status) {
  switch (status) {
    case Status::banned:
      return Disconnect(close_code::banned, "banned");
    case Status::revoked:
      return Disconnect(close_code::revoked, "invalid token");
    case Status::too_many:
      return Disconnect(close_code::too_many, "connection limit");
    case Status::good:
      break;
  }
  return Disconnect(close_code::normal);
}

Moderation::Registration::Registration(std::shared_ptr<detail::moderation::ConnectionRegistry> registry,
                                       std::shared_ptr<detail::moderation::RegisteredConnection> registered)
    : registry_(std::move(registry)), registered_(std::move(registered)) {}

Moderation::Registration& Moderation::Registration::operator=(Registration&& other) noexcept {
  leave();
  registry_ = std::move(other.registry_);
  registered_ = std::move(other.registered_);
  return *this;
}

Moderation::Registration::~Registration() {
  leave();
}

void Moderation::Registration::leave() {
  if (registered_) registry_->remove(std::exchange(registered_, nullptr));
}

tl::expected<Moderation::Registration, Moderation::Status> Moderation::register_connection(
    ModeratedConnection& connection, const boost::asio::any_io_executor& executor,
    SharedClientInfo client_info, std::optional<TokenTrace> token) {
  auto registered = std::make_shared<detail::moderation::RegisteredConnection>(connection, executor,
                                                                               std::move(client_info), token);
  if (!impl_->registry->add(registered)) return tl::unexpected(Status::too_many);
  Registration registration(impl_->registry, registered);
  const Status status = impl_->status(registered->address, registered->client_info->user, token);
  if (status != Status::good) return tl::unexpected(status);
  return registration;
}

std::size_t Moderation::kick_earlier(const Registration& registration, const Disconnect& why) {
  return impl_->registry->post_to_earlier(
      *registration.registered_, [why](ModeratedConnection& connection) { connection.on_kick(why); });
}

Moderation::Status Moderation::renew(Registration& registration, TokenTrace token) {
  impl_->registry->renew(*registration.registered_, token);
  return is_revoked(registration.registered_->client_info->user, token) ? Status::revoked : Status::good;
}

void Moderation::watch_tokens(Registration& registration) {
  impl_->registry->watch_tokens(*registration.registered_);
}

Moderation::Status Moderation::status(const ClientInfo& client_info,
                                      const std::optional<TokenTrace>& token) const {
  boost::system::error_code ec;
  const auto address = boost::asio::ip::make_address(client_info.address, ec);
  // An invalid address may be in any banned network.
  if (ec && !client_info.address.empty() && impl_->has_any(Kind::network_ban)) return Status::banned;
  return impl_->status(address, client_info.user, token);
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

Moderation::PublishDecision Moderation::may_publish(const ClientInfo& who, std::string_view room,
                                                    std::chrono::milliseconds slow_mode) {
  struct Rules {
    bool muted = false;
    std::optional<std::chrono::milliseconds> interval = {};
  };
  const auto rules =
      impl_->ask({Kind::mute, Kind::slow_mode},
                 [&](const detail::moderation::Restrictions& restrictions, Clock::TimePoint now) {
                   return Rules{!who.user.empty() && restrictions.mute(who.user, room, now),
                                restrictions.interval_of(room, now)};
                 });
  if (rules.muted) return PublishDecision::muted;
  const auto interval = rules.interval.value_or(slow_mode);
  if (interval.count() == 0 || impl_->pace(who, room, interval)) return PublishDecision::allowed;
  return PublishDecision::too_soon;
}

}  // namespace coroom
