#include "auth/jwks_source.hpp"

#include <coroom/log.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <exception>
#include <utility>

namespace coroom::detail::auth {

JwksSource::JwksSource(http::FetchTarget target, http::FetchLimits limits)
    : target_(std::move(target)), limits_(limits), timer_(context_), schedule_(now()) {
  boost::asio::co_spawn(context_, refresh_always(), boost::asio::detached);  // the context owns it
  thread_ = std::thread([this] { context_.run(); });
}

JwksSource::~JwksSource() {
  // A cancellation may be lost between two steps of an operation, such as the read of a response. So the
  // thread ends, and the destructor of the context destroys the coroutine with its socket.
  context_.stop();
  thread_.join();
}

IssuerKeys::Keys JwksSource::keys() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return keys_;
}

void JwksSource::note_unknown_key() const {
  if (is_asked_.exchange(true)) return;  // so that a flood of tokens posts once
  boost::asio::post(context_, [this] {
    is_asked_ = false;
    if (schedule_.on_unknown_key(now())) timer_.cancel();
  });
}

JwksSchedule::SteadyTime JwksSource::now() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

task<> JwksSource::refresh_always() {
  while (true) {
    while (now() < schedule_.due()) {
      timer_.expires_at(std::chrono::steady_clock::time_point(schedule_.due()));
      co_await timer_.async_wait(as_result);
    }
    Result<http::FetchedDocument> fetched = failure("the fetch has not ended");
    try {
      fetched = co_await http::fetch(target_, limits_);
    } catch (const std::exception& error) {
      fetched = failure(error.what());
    }
    take(std::move(fetched));
  }
}

void JwksSource::take(Result<http::FetchedDocument> fetched) {
  if (!fetched) return fail(fetched.error());
  const auto set = parse_key_set(fetched->body);
  if (!set) return fail(set.error());
  schedule_.on_loaded(now(), max_age(fetched->cache_control));
  const bool has_changed = document_ != fetched->body;
  if (has_changed) {
    document_ = std::move(fetched->body);
    publish(set->keys);
  }
  report(*set, has_changed);
}

void JwksSource::fail(const Error& why) {
  schedule_.on_failed(now());
  report(why);
}

void JwksSource::publish(std::vector<TokenKey> set) {
  Keys keys = std::make_shared<const std::vector<TokenKey>>(std::move(set));
  const std::lock_guard<std::mutex> lock(mutex_);
  keys_.swap(keys);  // the lock ends before the old set is destroyed
}

void JwksSource::report(const KeySet& set, bool has_changed) {
  if (state_ == State::loaded && !has_changed) return;
  logging::record(state_ == State::failing ? "token keys loaded again" : "token keys loaded",
                  {{"url", target_.name}, {"keys", set.keys.size()}, {"skipped", set.skipped}});
  state_ = State::loaded;
}

void JwksSource::report(const Error& error) {
  if (state_ == State::failing) return;
  const bool has_keys = state_ == State::loaded;
  state_ = State::failing;
  logging::warning(has_keys ? "token keys not refreshed: the last ones stay in use"
                            : "token keys not loaded: tokens of the issuer are rejected meanwhile",
                   {{"url", target_.name}, {"cause", error.message}});
}

}  // namespace coroom::detail::auth
