#!/bin/bash
case "${DOCKER_MAUTIC_ROLE}" in
  mautic_web) {web} ;;
  *) cron -f ;;
esac
