#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <unordered_map>
#include <utility>

namespace coroom::detail::storage {

/// A queue of jobs in which owners take turns. An owner with many jobs waits for its own jobs, and another
/// owner for one of them. Jobs of one owner keep their order. Pure.
template <class Job>
class FairQueue {
 public:
  /// The owner of jobs without an owner; their number is not limited.
  static constexpr std::uintptr_t nobody = 0;

  /// `most`: the most queued jobs of one owner.
  explicit FairQueue(std::size_t most) : most_(most) {}

  [[nodiscard]] bool empty() const { return turns_.empty(); }

  /// Returns false if this owner has reached the limit; then the job was not added, and was not moved from.
  [[nodiscard]] bool add(std::uintptr_t owner, Job&& job) {
    const auto known = lanes_.find(owner);
    if (known != lanes_.end()) {
      Lane& lane = *known->second;
      if (owner != nobody && lane.jobs.size() >= most_) return false;
      lane.jobs.push_back(std::move(job));
      return true;
    }
    // An exception in any of these steps leaves no lane without a job.
    Turns lane;
    lane.push_back(Lane{owner, {}});
    lane.front().jobs.push_back(std::move(job));
    lanes_.emplace(owner, lane.begin());
    turns_.splice(turns_.end(), lane);
    return true;
  }

  /// Removes and returns the next job. The queue must not be empty.
  Job take() {
    Lane& lane = turns_.front();
    Job job = std::move(lane.jobs.front());
    lane.jobs.pop_front();
    if (lane.jobs.empty()) {
      lanes_.erase(lane.owner);
      turns_.pop_front();
    } else {
      turns_.splice(turns_.end(), turns_, turns_.begin());
    }
    return job;
  }

 private:
  struct Lane {
    std::uintptr_t owner;
    std::deque<Job> jobs;  // never empty
  };
  using Turns = std::list<Lane>;

  const std::size_t most_;
  Turns turns_;  // the next turn first
  std::unordered_map<std::uintptr_t, typename Turns::iterator> lanes_;
};

}  // namespace coroom::detail::storage
