<?php
echo "news\n";
