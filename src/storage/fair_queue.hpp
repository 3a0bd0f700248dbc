#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <unordered_map>
#include <utility>

namespace coroom::detail::storage {

/// Jobs of many owners, who take turns: an owner with many jobs waits for its own, and others for one of
/// them. Jobs of one owner keep their order. Pure.
template <class Job>
class FairQueue {
 public:
  /// Owner of jobs that belong to nobody in particular; any number of them may wait.
  static constexpr std::uintptr_t nobody = 0;

  /// `most` jobs of one owner may wait.
  explicit FairQueue(std::size_t most) : most_(most) {}

  [[nodiscard]] bool empty() const { return turns_.empty(); }

  /// False: as many jobs of this owner wait as may; this one was not added, and is left as it was.
  [[nodiscard]] bool add(std::uintptr_t owner, Job&& job) {
    const auto known = lanes_.find(owner);
    if (known != lanes_.end()) {
      Lane& lane = *known->second;
      if (owner != nobody && lane.jobs.size() >= most_) return false;
      lane.jobs.push_back(std::move(job));
      return true;
    }
    // Whatever of this throws, no lane without a job stays.
    Turns lane;
    lane.push_back(Lane{owner, {}});
    lane.front().jobs.push_back(std::move(job));
    lanes_.emplace(owner, lane.begin());
    turns_.splice(turns_.end(), lane);
    return true;
  }

  /// The next job; there is one.
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
  Turns turns_;  // the next first
  std::unordered_map<std::uintptr_t, typename Turns::iterator> lanes_;
};

}  // namespace coroom::detail::storage
