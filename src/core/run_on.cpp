#include "core/one_shot.hpp"

#include <coroom/run_on.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>

namespace coroom::detail {

task<> run_elsewhere(boost::asio::any_io_executor executor, task<> work) {
  detail::OneShot<std::exception_ptr> answer(co_await boost::asio::this_coro::executor);
  boost::asio::co_spawn(
      executor, std::move(work),
      [complete = answer.completion()](const std::exception_ptr& thrown) { complete(thrown); });
  if (const std::exception_ptr thrown = co_await answer.wait()) std::rethrow_exception(thrown);
}

}  // namespace coroom::detail
