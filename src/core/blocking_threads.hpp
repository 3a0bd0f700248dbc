#pragma once

#include "core/one_shot.hpp"
#include "core/thrown.hpp"

#include <coroom/task.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace coroom::detail {

/// Threads for calls that may block on disk I/O, so that no shard blocks. Any thread may use it. It outlives
/// the coroutines of all shards.
class BlockingThreads {
 public:
  explicit BlockingThreads(std::size_t threads) : pool_(threads) {}
  BlockingThreads(const BlockingThreads&) = delete;
  BlockingThreads& operator=(const BlockingThreads&) = delete;

  /// Blocks until the calls in progress have returned. Calls that are still queued are dropped.
  ~BlockingThreads() {
    pool_.stop();
    pool_.join();
  }

  /// Calls `work` on one of the threads, and returns its result on the executor of the coroutine. `work` must
  /// own all data it uses, since it continues after the coroutine is cancelled. Throws operation_aborted if
  /// `work` throws.
  template <class Work>
  task<std::invoke_result_t<Work>> run(Work work) {
    using T = std::invoke_result_t<Work>;
    OneShot<T> answer(co_await boost::asio::this_coro::executor);
    boost::asio::post(pool_, [work = std::move(work), complete = answer.completion()]() mutable {
      log_what_is_thrown("a blocking call threw", [&] { complete(work()); });
    });
    co_return co_await answer.wait();
  }

 private:
  boost::asio::thread_pool pool_;
};

}  // namespace coroom::detail
