#include "storage/sqlite_broker.hpp"

#include "core/deadline.hpp"
#include "core/insist.hpp"
#include "core/one_shot.hpp"
#include "storage/fair_worker.hpp"
#include "storage/folder_lock.hpp"
#include "storage/sqlite_reader.hpp"
#include "storage/sqlite_schema.hpp"
#include "storage/sqlite_writer.hpp"
#include "storage/worker.hpp"

#include <boost/asio/this_coro.hpp>

#include <SQLiteCpp/Exception.h>
#include <algorithm>
#include <iterator>
#include <utility>

namespace coroom::detail::storage {
namespace {

constexpr std::chrono::seconds idle{10};  // the writer's first check for expired data comes after this time

constexpr std::size_t waiting_reads = 256;  // of one client's address

// The most publications of a quick read. A position, for which members wait when they join, and a look at one
// publication never wait behind histories.
constexpr std::size_t quick_limit = 1;

/// Waits for the result of a job. Fails if no thread has begun the job within the timeout.
template <class T>
task<Result<T>> answer_within(std::chrono::milliseconds timeout, std::shared_ptr<Claim> claim,
                              detail::OneShot<Result<T>> answer) {
  detail::Deadline deadline(
      co_await boost::asio::this_coro::executor, [claim, complete = answer.completion()] {
        if (claim->withdraw())
          complete(failure(Errc::storage_failed, "the timeout of the broker expired: the disk is too slow"));
      });
  deadline.expires_after(timeout);
  co_return co_await answer.wait();
}

class SqliteBroker final : public Broker {
 public:
  SqliteBroker(std::unique_ptr<FolderLock> lock, std::unique_ptr<SqliteWriter> writer,
               std::unique_ptr<SqliteReader> reader, std::unique_ptr<SqliteReader> quick_reader,
               const Clock& clock)
      : memory_(make_memory_broker(clock)),
        lock_(std::move(lock)),
        writer_(std::move(writer)),
        reader_(std::move(reader)),
        quick_reader_(std::move(quick_reader)),
        writes_([this](std::vector<HistoryWrite> writes) { return write(std::move(writes)); }, idle),
        reads_([this](HistoryRead one) { reader_->answer(std::move(one)); }, waiting_reads),
        quick_reads_([this](HistoryRead one) { quick_reader_->answer(std::move(one)); }, waiting_reads) {}

  task<Result<Position>> publish(std::string room, SharedPublications publications,
                                 RoomOptions options) override {
    if (!options.durable) co_return co_await memory_->publish(std::move(room), publications, options);
    detail::OneShot<Result<Position>> answer(co_await boost::asio::this_coro::executor);
    const auto claim = std::make_shared<Claim>();
    writes_.add(HistoryWrite{HistoryWrite::Kind::publish, std::move(room), std::move(publications), options,
                             claim, answer.completion()});
    co_return co_await answer_within(options.broker_timeout, claim, std::move(answer));
  }

  task<Result<History>> history(std::string room, HistoryFilter filter, RoomOptions options) override {
    if (!options.durable) co_return co_await memory_->history(std::move(room), filter, options);
    detail::OneShot<Result<History>> answer(co_await boost::asio::this_coro::executor);
    const auto claim = std::make_shared<Claim>();
    FairWorker<HistoryRead>& reads = filter.limit <= quick_limit ? quick_reads_ : reads_;
    if (!reads.add(filter.share, HistoryRead{std::move(room), filter, options, claim, answer.completion()}))
      co_return failure(Errc::too_fast, "too many history reads of one client's address are queued");
    co_return co_await answer_within(options.broker_timeout, claim, std::move(answer));
  }

  task<Result<>> remove_history(std::string room) override {
    // Either broker may have the history of this room.
    if (auto removed = co_await memory_->remove_history(room); !removed) co_return removed;
    detail::OneShot<Result<Position>> answer(co_await boost::asio::this_coro::executor);
    const auto claim = std::make_shared<Claim>();
    writes_.add(
        HistoryWrite{HistoryWrite::Kind::remove, std::move(room), {}, {}, claim, answer.completion()});
    const auto removed = co_await answer_within(RoomOptions().broker_timeout, claim, std::move(answer));
    co_return removed ? Result<>() : tl::unexpected(removed.error());
  }

 private:
  /// Runs on the writer's thread. Two processes that write would assign the same offsets.
  std::chrono::milliseconds write(std::vector<HistoryWrite> writes) {
    const auto held = lock_->renew();
    if (held) return writer_->write(std::move(writes));
    for (const HistoryWrite& one : writes) {
      if (one.claim->begin())
        detail::insist("an answer", [&] { one.complete(tl::unexpected(held.error())); });
    }
    return idle;
  }

  std::shared_ptr<Broker> memory_;  // for rooms that are not durable; they never touch the disk
  std::unique_ptr<FolderLock> lock_;
  std::unique_ptr<SqliteWriter> writer_;
  std::unique_ptr<SqliteReader> reader_;
  std::unique_ptr<SqliteReader> quick_reader_;  // on a thread of its own, for short reads
  Worker<HistoryWrite> writes_;
  FairWorker<HistoryRead> reads_;
  FairWorker<HistoryRead> quick_reads_;
};

}  // namespace

Result<std::shared_ptr<Broker>> open_sqlite_broker(const std::filesystem::path& folder, const Clock& clock) {
  auto lock = FolderLock::take(folder);
  if (!lock) return tl::unexpected(lock.error());
  const std::filesystem::path file = folder / "coroom.db";
  try {
    auto database = open_for_writing(file, history_tables());
    if (!database) return tl::unexpected(database.error());
    auto writer = std::make_unique<SqliteWriter>(std::move(*database), file, clock);
    auto reader = std::make_unique<SqliteReader>(open_for_reading(file), file, clock);
    auto quick_reader = std::make_unique<SqliteReader>(open_for_reading(file), file, clock);
    return std::make_shared<SqliteBroker>(std::move(*lock), std::move(writer), std::move(reader),
                                          std::move(quick_reader), clock);
  } catch (const SQLite::Exception& exception) {
    return failure(Errc::storage_failed, file.string() + ": " + exception.what());
  }
}

}  // namespace coroom::detail::storage
